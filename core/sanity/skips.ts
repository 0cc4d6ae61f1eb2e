import { type CheckOutcome, outcome } from './check.ts';
import type { CheckContext } from './context.ts';

/** What several checks have to say where they cannot do their work. */

export function noTime(what: string): CheckOutcome {
  const message = `${what} takes longer here than this check may: it was left out. A smaller batch or network makes it possible.`;
  return outcome('skip', ['training', 'batchSize'], message);
}

/** A number that is none: bad inputs are to blame, or weights that are too large. */
export function notFinite({ dataset }: CheckContext, what: string): CheckOutcome {
  if (dataset.statistics.nonFinite > 0) {
    const message = `${what} is no finite number, as the inputs hold values that are none (see input-data).`;
    return outcome('fail', ['data', 'source'], message);
  }
  const message = `${what} is no finite number: numbers overflow before anything is learned. Start from smaller weights, or scale the inputs.`;
  return outcome('fail', ['model', 'init'], message);
}

/** Missing inputs: what is trained on them is NaN, whatever else is right. */
export function withoutInputs({ dataset }: CheckContext): CheckOutcome | null {
  if (dataset.statistics.nonFinite === 0) return null;
  return outcome(
    'skip',
    ['data', 'source'],
    'Nothing can be trained with inputs that are missing or not finite (see input-data).',
  );
}

/** Why there is no short training to look at. */
export function nothingLearned({ rateTest }: CheckContext): CheckOutcome {
  if (rateTest.steps === 0 || rateTest.suggested !== null) return noTime('A short training');
  const message = `No learning rate lowers the loss within ${rateTest.steps} steps: there is nothing to look at (see learning-rate-range).`;
  return outcome('skip', ['optimizer', 'learningRate'], message);
}
