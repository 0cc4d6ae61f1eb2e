import type { ConfigPath } from '../../events/finding.ts';
import { median } from '../rates.ts';
import type { JudgedTrace } from '../rule.ts';
import { THRESHOLDS } from '../thresholds.ts';

/** What drove a run to where nothing can be learned. */
export type Culprit =
  | 'input'
  | 'initialization'
  | 'regularization'
  | 'rate'
  /** No more is known than that it happened. */
  | 'none';

/**
 * Why the cost became no number, or exploded. Data with gaps poison any network; a cost that was none
 * from the first step on was so by its initial weights; λη > 2 makes weights grow by decay alone; what is
 * left and was moved in large steps was moved too fast.
 */
export function culpritOf(trace: JudgedTrace): Culprit {
  const { data, step, last, config } = trace;
  if (data && data.nonFinite > 0) return 'input';
  if (step <= 1 && !Number.isFinite(last.dataLoss)) return 'initialization';
  const { rate, decay } = THRESHOLDS;
  const { l2 } = strongestDecay(trace);
  // Of the two factors, the one that is farther beyond what is usual.
  if (last.learningRate * l2 > decay.unstable && l2 / decay.usual > last.learningRate / rate.usual)
    return 'regularization';
  const ratio = median(trace.ratios.latest ?? trace.ratios.first ?? []);
  const grown = trace.losses.windows.some(
    ({ cost }) => cost > rate.growth * trace.losses.firstCost,
  );
  const wild = ratio > rate.wildRatio || !Number.isFinite(ratio);
  return wild || grown || config.optimizer.learningRate > 1 ? 'rate' : 'none';
}

/** The largest l2 that any layer has, and its key. */
export function strongestDecay({ config }: JudgedTrace): { l2: number; path: ConfigPath } {
  let strongest: { l2: number; path: ConfigPath } = {
    l2: config.regularization.l2,
    path: ['regularization', 'l2'],
  };
  config.model.layers.forEach((layer, index) => {
    const own = 'regularization' in layer ? (layer.regularization?.l2 ?? 0) : 0;
    if (own > strongest.l2) strongest = { l2: own, path: ['model', 'layers', index] };
  });
  return strongest;
}
