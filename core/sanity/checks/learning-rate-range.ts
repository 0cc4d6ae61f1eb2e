import { rateFix } from '../../diagnosis/rates.ts';
import { number } from '../../events/numbers.ts';
import { type Check, outcome } from '../check.ts';
import { gainOf } from '../rate-test.ts';
import { noTime, withoutInputs } from '../skips.ts';

/** Share of the best gain that makes the config's own rate a good one. */
const GOOD = 0.5;

/** Which learning rates lower the loss, and whether the config's is among them. */
export const learningRateRange: Check = {
  id: 'learning-rate-range',
  title: 'The learning rate is one that learns',
  run(context) {
    const missing = withoutInputs(context);
    if (missing) return missing;
    const { config, rateTest: test } = context;
    const path = ['optimizer', 'learningRate'];
    if (test.steps === 0) return noTime('Trying rates');
    const { own, suggested, best, steps, untrained, trials } = test;
    const gain = gainOf(test, own);
    const evidence = {
      steps,
      learningRate: own.rate,
      suggested,
      untrained,
      loss: own.loss,
      rates: trials.map(({ rate, loss }) => ({ rate, loss })),
    };
    if (suggested === null) {
      const message = `No rate from ${number(trials[0]!.rate)} to ${trials.at(-1)!.rate} lowers the loss (${number(untrained)}) by 2 % within ${steps} steps: none can be suggested. Look at the other checks first.`;
      return outcome('warn', path, message, { ...evidence, threshold: 0.02 });
    }
    const fixes = [rateFix(suggested)];
    const at = trials.indexOf(best!);
    const border =
      at === 0 || at === trials.length - 1 ? ' It is at the border of what was tried.' : '';
    const found = `Of rates from ${number(trials[0]!.rate)} to ${trials.at(-1)!.rate}, ${number(best!.rate)} learns fastest (loss ${number(untrained)} → ${number(best!.loss)} in ${steps} steps).${border}`;
    if (own.loss === Number.POSITIVE_INFINITY) {
      const warms = config.schedule.warmup > 0;
      const message = `With learningRate ${number(own.rate)} the loss explodes within ${steps} steps${warms ? ', without the warm-up' : ''}. ${found} Try ${suggested}.`;
      return outcome(warms ? 'warn' : 'fail', path, message, evidence, fixes);
    }
    if (!(gain >= GOOD)) {
      const what = own.rate < suggested ? 'low: training will take long' : 'high: steps overshoot';
      const message = `learningRate ${number(own.rate)} is ${what}. In ${steps} steps it takes the loss from ${number(untrained)} to ${number(own.loss)}. ${found} Try ${suggested}.`;
      return outcome('warn', path, message, { ...evidence, gain, threshold: GOOD }, fixes);
    }
    const message = `learningRate ${number(own.rate)} takes the loss from ${number(untrained)} to ${number(own.loss)} in ${steps} steps. ${found} Suggested: ${suggested}.`;
    return outcome('pass', path, message, { ...evidence, gain });
  },
};
