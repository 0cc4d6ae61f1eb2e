import { number } from '../../events/numbers.ts';
import type { JudgedTrace } from '../rule.ts';
import { type Culprit, culpritOf } from './blame.ts';
import { originOf } from './origin.ts';

/** How a run was lost, for all rules that could be to blame: each speaks only if it is. */
export interface Divergence {
  culprit: Culprit;
  /** What was seen, in a sentence. */
  seen: string;
  step: number;
  /** Where in the network, if that is known and numbers broke there. */
  layer?: ReturnType<typeof originOf>['layer'];
}

/** Null as long as the cost is a finite number and has not exploded. */
export function divergenceOf(trace: JudgedTrace, exploded: boolean): Divergence | null {
  const { step, last, losses } = trace;
  if (step === 0) return null;
  if (Number.isFinite(last.loss)) {
    if (!exploded) return null;
    const seen = `The cost has grown from ${number(losses.firstCost)} to ${number(last.loss)} by step ${step} and does not come down again.`;
    return { culprit: culpritOf(trace), seen, step };
  }
  const became = Number.isNaN(last.loss) ? 'NaN' : 'infinite';
  const origin = originOf(trace);
  const where = {
    unknown: '',
    input: ': the inputs already hold values that are no numbers',
    parameter: `: the step before had left no finite numbers in the ${origin.name}`,
    activation: `: first the ${origin.name} overflowed; what came in was as large as ${number(origin.largest)}`,
    loss: `: the network's outputs, as large as ${number(origin.largest)}, were more than the loss can take`,
  }[origin.kind];
  return {
    culprit: culpritOf(trace),
    seen: `The cost became ${became} at step ${step}${where}.`,
    step,
    ...(origin.layer && { layer: origin.layer }),
  };
}
