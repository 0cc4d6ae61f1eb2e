import type { QualityMetrics } from '../events/run-event.ts';
import { median } from './rates.ts';
import type { JudgedTrace } from './rule.ts';

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
  const shares = sharesOf(data?.classCounts ?? null);
  const type = config.loss?.type ?? 'softmaxCrossEntropy';
  if (type === 'softmaxCrossEntropy') {
    const entropy = shares.reduce((sum, share) => sum - share * Math.log(share), 0);
    return entropy > 0 ? dataLoss / entropy : Number.NaN;
  }
  const guessed = Math.max(...shares);
  return accuracy === null || !(guessed < 1) ? Number.NaN : (1 - accuracy) / (1 - guessed);
}

function sharesOf(counts: Float64Array | null): number[] {
  const seen = [...(counts ?? [])].filter((count) => count > 0);
  const total = seen.reduce((sum, count) => sum + count, 0);
  return seen.map((count) => count / total);
}

/** What was left to learn of the training part in each epoch, and of the validation part after it. */
export function lessons(trace: JudgedTrace): { train: number[]; validation: number[] } {
  return {
    train: trace.epochs.map(({ train }) => unexplained(trace, train)),
    validation: trace.epochs.flatMap(({ validation }) =>
      validation ? [unexplained(trace, { ...validation, dataLoss: validation.loss })] : [],
    ),
  };
}

/**
 * What was left to learn of the part it is judged on, at the end of the latest epoch. Few wrong answers are
 * few, whatever their loss; among many, chance is too great to tell more than the loss does.
 */
export function left(trace: JudgedTrace): number {
  const epoch = trace.epochs.at(-1);
  if (!epoch) return Number.NaN;
  const { train, validation } = lessons(trace);
  const byLoss = validation.at(-1) ?? train.at(-1)!;
  const { accuracy } = epoch.validation ?? epoch.train;
  const guessed = Math.max(...sharesOf(trace.data?.classCounts ?? null));
  const wrong = accuracy === null || !(guessed < 1) ? 1 : (1 - accuracy) / (1 - guessed);
  return wrong < 0.3 ? Math.min(byLoss, wrong) : byLoss;
}

/** The same before the first update; NaN for numbers to predict, where the scale is not known. */
export function leftAtFirst(trace: JudgedTrace): number {
  if (trace.resumed || trace.started.task === 'regression') return Number.NaN;
  const dataLoss = trace.losses.firstDataLoss;
  return unexplained(trace, { accuracy: null, r2: null, dataLoss });
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
  const means = ratios.epochs.at(epoch);
  if (!means) return Number.NaN;
  const parameters = started.plan.layers.flatMap((layer) => layer.parameters);
  return median(
    parameters.flatMap(({ name }, i) => (name === 'weights' ? [means[i] ?? Number.NaN] : [])),
  );
}
