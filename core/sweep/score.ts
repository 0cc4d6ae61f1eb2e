import type { TrainMetrics, ValidationMetrics } from '../events/run-event.ts';
import { qualityOf } from '../session/progress.ts';

/** What a trial is judged by. */
export interface Judged {
  number: number;
  train: TrainMetrics | null;
  validation: ValidationMetrics | null;
}

/** Accuracy, or R², of the validation part; where there is none, of the training part. NaN: no result. */
export function scoreOf(trial: Judged): number {
  const score = qualityOf(trial);
  return Number.isFinite(score) ? score : Number.NaN;
}

/** Sorts the best first: the higher score, then the lower loss, then the earlier; no result is last. */
export function compareTrials(a: Judged, b: Judged): number {
  const gain = worstIfNaN(scoreOf(b)) - worstIfNaN(scoreOf(a));
  if (gain !== 0 && !Number.isNaN(gain)) return gain;
  const loss = lossOf(a) - lossOf(b);
  if (loss !== 0 && !Number.isNaN(loss)) return loss;
  return a.number - b.number;
}

function lossOf({ validation, train }: Judged): number {
  const loss = validation?.loss ?? train?.dataLoss ?? Number.NaN;
  return Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss;
}

function worstIfNaN(score: number): number {
  return Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
}
