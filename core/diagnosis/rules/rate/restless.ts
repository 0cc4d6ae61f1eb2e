import { number, percent } from '../../../events/numbers.ts';
import { isDone, lessons, progressOf, weightRatio } from '../../learning.ts';
import { median } from '../../rates.ts';
import type { JudgedTrace } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import type { Thrown } from './thrown.ts';
import { isTiny } from './tiny.ts';
import { trendOf } from './trend.ts';

/**
 * A run that does not come to rest: in its second half the loss falls no more, but jumps from epoch to epoch by
 * a good part of itself. Steps ten times as large as they should be do that, or batches of an example or two.
 */
export function restless(trace: JudgedTrace): Thrown | null {
  const { rate } = THRESHOLDS;
  const { train, validation } = lessons(trace);
  const trend = trendOf(train);
  const now = train.at(-1)!;
  if (progressOf(trace) < 0.5 || train.length < 8 || !trend || isDone(trace)) return null;
  if (trend.fall * Math.max(1, trace.started.epochs / 10) > rate.settling * now) return null;
  // A spike now and then is none: the loss is down at once.
  if (!(median(latestOf(train)) > rate.unsettledMostly)) return null;
  const jumps = isTiny(trace)
    ? swingOf(validation) > rate.restlessBatch
    : swingOf(train) > rate.restless && weightRatio(trace, -1) > rate.restlessRatio;
  if (!jumps) return null;
  return {
    seen: `The loss does not come to rest: it has fallen no more in the latest epochs, and goes up and down by ${percent(swingOf(train))} of itself from one to the next, at ${number(now)} of that of guessing.`,
    lost: false,
  };
}

/** The last quarter of a curve. */
function latestOf(curve: readonly number[]): readonly number[] {
  return curve.slice(-Math.max(3, Math.round(curve.length / 4)));
}

/** Mean change from epoch to epoch over the last quarter of a curve, as a part of its mean. */
function swingOf(curve: readonly number[]): number {
  const latest = latestOf(curve);
  const mean = latest.reduce((sum, value) => sum + value, 0) / latest.length;
  const steps = latest.slice(1).map((value, i) => Math.abs(value - latest[i]!));
  return steps.reduce((sum, step) => sum + step, 0) / steps.length / mean;
}
