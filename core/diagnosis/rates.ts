import type { Fix } from '../events/finding.ts';
import { rounded } from '../events/numbers.ts';
import { THRESHOLDS } from './thresholds.ts';
import type { Trace } from './trace.ts';

/** The median of the finite, positive ones; NaN where there is none. */
export function median(values: Iterable<number>): number {
  const sorted = [...values].filter((x) => x > 0 && Number.isFinite(x)).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/**
 * The rate with which the first update would have had the size that the lectures want,
 * ‖update‖ / ‖W‖ ≈ 1e-3, or a tenth of it where updates were not measured; lower than it was in any case.
 */
export function lowerRate(trace: Trace): number {
  const rate = trace.config!.optimizer.learningRate;
  const ratio = median(trace.ratios.first ?? []);
  const factor = THRESHOLDS.rate.wantedRatio / ratio;
  return rounded(rate * (factor < 1 / 3 ? Math.max(factor, 1e-12) : 0.1));
}

export function rateFix(rate: number): Fix {
  return {
    title: `Set learningRate to ${rate}`,
    edits: [{ path: ['optimizer', 'learningRate'], value: rate }],
  };
}

/**
 * A rate with which updates would have the size that the lectures want, or ten times this one: at most a
 * thousand times, and never so much that it would be unusual.
 */
export function higherRate(trace: Trace, ratio: number): number {
  const { type, learningRate } = trace.config!.optimizer;
  const factor = THRESHOLDS.rate.aimedRatio / ratio;
  const wanted = learningRate * Math.min(1e6, Math.max(5, factor > 0 ? factor : 10));
  return rounded(Math.max(2 * learningRate, Math.min(wanted, THRESHOLDS.rate.usualRates[type])));
}
