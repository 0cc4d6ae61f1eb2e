import { isDone, left, lessons, progressOf } from '../../learning.ts';
import { achievement } from '../../outcome.ts';
import { isBehindNeighbours } from '../../reach.ts';
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

/**
 * A slow run that has learned most of it in the first half of its time was slow at its start alone; and one that
 * has learned it is done.
 */
export function catchesUp(trace: JudgedTrace): boolean {
  const { learning, slow } = THRESHOLDS;
  return isDone(trace) || (left(trace) < learning.much && progressOf(trace) < slow.late);
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
 * What more epochs promise, of all that there is to learn (right answers, or R²): if each quarter of the run goes
 * on to bring the same part of what the one before it brought.
 */
export function promiseOf(trace: JudgedTrace): number {
  const lacks = trace.epochs.map((epoch) => 1 - achievement(trace, epoch));
  const span = Math.max(1, Math.round(lacks.length / 4));
  const quarter = (from: number) => {
    const some = lacks.slice(from, from + span || undefined);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  };
  const [now, before, first] = [quarter(-span), quarter(-2 * span), quarter(-3 * span)];
  const gain = before - now;
  // After two epochs nobody knows: as much again.
  if (lacks.length < 3 * span) return gain;
  const part = first > before ? Math.min(0.8, gain / (first - before)) : 0.8;
  return (gain * part) / (1 - part);
}

/**
 * A run that ended while it still learned: every epoch helped, and more of them promise something. What its loss
 * fell by, per epoch; null where it had come to its end.
 */
export function fallAtTheEnd(trace: JudgedTrace): number | null {
  const { brings, behind, promising } = THRESHOLDS.fit;
  const { started, epochs } = trace;
  if ((epochs.at(-1)?.epoch ?? 0) < started.epochs) return null;
  const trend = trendOf(lessons(trace).train);
  if (!trend?.steady || isDone(trace)) return null;
  // Neighbours show that there is more to learn; it has not to be promised.
  if (isBehindNeighbours(trace)) return gainOf(trace) > behind ? trend.fall : null;
  return gainOf(trace) > brings && promiseOf(trace) > promising ? trend.fall : null;
}
