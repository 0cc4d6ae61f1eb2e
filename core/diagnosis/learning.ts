import type { QualityMetrics } from '../events/run-event.ts';
import { guessing } from './guessing.ts';
import { median } from './rates.ts';
import { achieved, reachOf } from './reach.ts';
import type { JudgedTrace } from './rule.ts';
import { THRESHOLDS } from './thresholds.ts';

/**
 * What is left to learn, for any task alike: the data loss over that of guessing by the classes' shares
 * (its entropy), 1 − R² for numbers, wrong answers over those of guessing where the loss has another scale.
 * 1 is no better than guessing, 0 perfect; NaN where it was not measured.
 */
export function unexplained(
  { config, started, data }: JudgedTrace,
  { accuracy, r2, dataLoss }: Pick<QualityMetrics, 'accuracy' | 'r2'> & { dataLoss: number },
): number {
  if (started.task === 'regression') return r2 === null ? Number.NaN : 1 - r2;
  const { entropy, right } = guessing(data);
  const type = config.loss?.type ?? 'softmaxCrossEntropy';
  if (type === 'softmaxCrossEntropy') return entropy > 0 ? dataLoss / entropy : Number.NaN;
  return accuracy === null || !(right < 1) ? Number.NaN : (1 - accuracy) / (1 - right);
}

/** What was left to learn in each epoch of the training part, and after it of the validation part. */
export interface Lessons {
  train: readonly number[];
  validation: readonly number[];
}

/** All rules ask for them after each epoch: what is known is kept. */
const LESSONS = new WeakMap<
  JudgedTrace,
  { epochs: number; train: number[]; validation: number[] }
>();

export function lessons(trace: JudgedTrace): Lessons {
  let known = LESSONS.get(trace);
  if (!known) {
    known = { epochs: 0, train: [], validation: [] };
    LESSONS.set(trace, known);
  }
  for (; known.epochs < trace.epochs.length; known.epochs++) {
    const { train, validation } = trace.epochs[known.epochs]!;
    known.train.push(unexplained(trace, train));
    if (validation)
      known.validation.push(unexplained(trace, { ...validation, dataLoss: validation.loss }));
  }
  return known;
}

/**
 * What was left to learn of the part it is judged on, at the end of the latest epoch: of what the data allow.
 * Few wrong answers are few, whatever their loss; among many, chance is too great to tell more than the loss does.
 */
export function left(trace: JudgedTrace): number {
  return leftOf(trace, reachOf(trace).most);
}

/** Whether it has learned what the data allow; what is left beyond may be noise. */
export function isDone(trace: JudgedTrace): boolean {
  return left(trace) < reachOf(trace).rest;
}

/** The same of what there would be to learn if the data told all. */
export function leftToPerfect(trace: JudgedTrace): number {
  return leftOf(trace, 1);
}

function leftOf(trace: JudgedTrace, most: number): number {
  const epoch = trace.epochs.at(-1);
  if (!epoch) return Number.NaN;
  const byLoss = leftByLoss(trace);
  const wrong = Math.max(0, 1 - achieved(trace, epoch.validation ?? epoch.train) / most);
  return wrong < 0.3 ? Math.min(byLoss, wrong) : byLoss;
}

/** The same by the loss alone, which a penalty can keep high where answers are right. */
export function leftByLoss(trace: JudgedTrace): number {
  const { train, validation } = lessons(trace);
  return validation.at(-1) ?? train.at(-1) ?? Number.NaN;
}

/** The same before the first update; NaN for numbers to predict, where the scale is not known. */
export function leftAtFirst(trace: JudgedTrace): number {
  if (trace.resumed || trace.started.task === 'regression') return Number.NaN;
  const dataLoss = trace.losses.firstDataLoss;
  return unexplained(trace, { accuracy: null, r2: null, dataLoss });
}

/**
 * Whether a run has come over what hindered it, and with most of its time left; later that has cost too much, but
 * for a schedule that takes the rate down for it, or where all is learned in the end.
 */
export function hasRecovered(trace: JudgedTrace): boolean {
  const { learning, slow } = THRESHOLDS;
  if (isDone(trace)) return true;
  if (!(left(trace) < learning.over)) return false;
  const calmed = trace.last.learningRate < 0.5 * trace.config.optimizer.learningRate;
  return calmed || progressOf(trace) < slow.late;
}

/** Share of the epochs that are done. */
export function progressOf({ epochs, started }: JudgedTrace): number {
  return (epochs.at(-1)?.epoch ?? 0) / Math.max(1, started.epochs);
}

/** Epochs that a run has to have had before its curve is judged: two, and this share of all. */
export function isEarly(trace: JudgedTrace, share: number): boolean {
  const done = trace.epochs.at(-1)?.epoch ?? 0;
  return trace.epochs.length < 2 || done < share * trace.started.epochs;
}

/** The median of ‖update‖ / ‖W‖ over all weights (no biases, which start at 0) in the epoch at this index. */
export function weightRatio({ started, ratios }: JudgedTrace, epoch: number): number {
  const means = ratios.meansOf(epoch);
  if (!means) return Number.NaN;
  const parameters = started.plan.layers.flatMap((layer) => layer.parameters);
  return median(
    parameters.flatMap(({ name }, i) => (name === 'weights' ? [means[i] ?? Number.NaN] : [])),
  );
}
