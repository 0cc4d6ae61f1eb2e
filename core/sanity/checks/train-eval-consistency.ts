import { number } from '../../events/numbers.ts';
import { type Check, outcome } from '../check.ts';
import { nothingLearned, withoutInputs } from '../skips.ts';
import { hasLayer } from '../variation.ts';

/** Where nothing differs between training and test, losses are equal but for the rounding of sums. */
const ROUNDING = 1e-3;
/** Where something does. */
const MOST = 2;

/** The same examples have about the same loss in training and at test time. */
export const trainEvalConsistency: Check = {
  id: 'train-eval-consistency',
  title: 'Test time agrees with training',
  run(context) {
    const missing = withoutInputs(context);
    if (missing) return missing;
    const { shortTraining, config } = context;
    if (!shortTraining) return nothingLearned(context);
    const { steps, trained, tested } = shortTraining;
    const { layers } = config.model;
    const masks = hasLayer(layers, 'dropout', 'dropConnect');
    const norms = hasLayer(layers, 'batchNorm');
    const augments = config.data.augment.length > 0;
    const differ = [
      ...(masks ? ['dropout'] : []),
      ...(norms ? ['batch normalization'] : []),
      ...(augments ? ['augmentation'] : []),
    ];
    const evidence = { steps, trained, tested, differ };
    const path = ['model', 'layers'];
    const seen = `After ${steps} steps the same examples have the loss ${number(trained)} in training and ${number(tested)} at test time`;
    if (differ.length === 0) {
      const error = Math.abs(tested - trained) / Math.max(Math.abs(trained), 1e-6);
      if (error <= ROUNDING) return outcome('pass', path, `${seen}, as it must be.`, evidence);
      const message = `${seen}, although no layer works differently there. This is a defect of Trainscope: please report it with this config.`;
      return outcome('fail', path, message, { ...evidence, threshold: ROUNDING });
    }
    const most = MOST * Math.max(trained, shortTraining.before * 0.1);
    if (tested > most) {
      const advice = norms
        ? 'The running averages of batch normalization do not stand for single batches: use larger batches, or raise its momentum.'
        : `Weaken ${differ.join(' and ')}.`;
      return outcome('warn', path, `${seen}. ${advice}`, { ...evidence, threshold: MOST });
    }
    return outcome('pass', path, `${seen}; ${differ.join(' and ')} make the difference.`, evidence);
  },
};
