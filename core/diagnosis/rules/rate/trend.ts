import { left, leftByLoss, lessons, progressOf } from '../../learning.ts';
import type { JudgedTrace } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** How a curve goes on. */
export interface Trend {
  /** Of the latest epochs, per epoch. */
  fall: number;
  /** Nearly every one of the latest epochs brought it lower. */
  steady: boolean;
}

/** Of the last quarter, two epochs at least; null where there are fewer. */
export function trendOf(curve: readonly number[]): Trend | null {
  const span = Math.max(1, Math.round(curve.length / 4));
  const from = curve.at(-1 - span);
  const to = curve.at(-1);
  if (from === undefined || to === undefined || !Number.isFinite(from - to)) return null;
  const latest = curve.slice(-1 - 2 * span);
  let down = 0;
  for (let i = 1; i < latest.length; i++) if (latest[i]! < latest[i - 1]!) down++;
  return { fall: (from - to) / span, steady: down >= 0.8 * (latest.length - 1) };
}

/** A slow run that has learned most of it in the first half of its time was slow at its start alone. */
export function catchesUp(trace: JudgedTrace): boolean {
  return left(trace) < THRESHOLDS.learning.much && progressOf(trace) < THRESHOLDS.slow.late;
}

/**
 * By how much of guessing's loss an epoch brings a run forward at present: on examples that it does not train
 * with, where there are some. What is left of data with noise in them falls only where they are learned by heart.
 */
export function paceOf(trace: JudgedTrace): number {
  const { train, validation } = lessons(trace);
  const falls = [train, validation]
    .filter((curve) => curve.length > 0)
    .map((curve) => trendOf(curve)?.fall ?? Number.NaN);
  return Math.min(...falls);
}

/** The same for a tenth of the epochs, or one. */
export function gainOf(trace: JudgedTrace): number {
  return paceOf(trace) * Math.max(1, trace.started.epochs / 10);
}

/**
 * A run that ended while it still learned: every epoch helped, a tenth of them noticeably, and there was
 * something left to learn. What its loss fell by, per epoch; null where it had come to its end.
 */
export function fallAtTheEnd(trace: JudgedTrace): number | null {
  const { falling, brings, unfinished } = THRESHOLDS.fit;
  const { started, epochs } = trace;
  if ((epochs.at(-1)?.epoch ?? 0) < started.epochs) return null;
  const { train } = lessons(trace);
  const trend = trendOf(train);
  if (!trend?.steady || !(left(trace) > unfinished)) return null;
  const enough = Math.max(brings, falling * leftByLoss(trace));
  return gainOf(trace) > enough ? trend.fall : null;
}
