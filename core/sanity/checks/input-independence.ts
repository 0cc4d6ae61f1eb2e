import { number } from '../../events/numbers.ts';
import { type Check, outcome } from '../check.ts';
import { nothingLearned, withoutInputs } from '../skips.ts';

/** Share of the loss with inputs of 0 that real ones must save. */
const LEAST = 0.02;

/** After a short training, inputs of 0 give a worse loss than real ones: the network looks at them. */
export const inputIndependence: Check = {
  id: 'input-independence',
  title: 'The network looks at its inputs',
  run(context) {
    const missing = withoutInputs(context);
    if (missing) return missing;
    const { shortTraining } = context;
    if (!shortTraining) return nothingLearned(context);
    const { steps, learningRate, tested, zeroed } = shortTraining;
    const evidence = { steps, learningRate, loss: tested, zeroed };
    const seen = `After ${steps} steps the loss is ${number(tested)} with real inputs and ${number(zeroed)} with inputs of 0`;
    if (!(tested < zeroed)) {
      const message = `${seen}: what the network says does not come from its inputs. Look whether they are read right, belong to their labels, and reach the last layer.`;
      return outcome('fail', ['data'], message, evidence);
    }
    if (tested > (1 - LEAST) * zeroed) {
      const message = `${seen}: inputs hardly matter yet. Look whether they are read right and belong to their labels.`;
      return outcome('warn', ['data'], message, { ...evidence, threshold: LEAST });
    }
    return outcome('pass', ['data'], `${seen}: it looks at them.`, evidence);
  },
};
