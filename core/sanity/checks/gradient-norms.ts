import { number, rounded } from '../../events/numbers.ts';
import { type Check, outcome } from '../check.ts';
import { nothingLearned, withoutInputs } from '../skips.ts';

/** The first steps are not what training is like. */
const SKIPPED = 0.2;
/** A norm over the median of those around it: single batches that throw the weights about. */
const SPIKY = 10;
/** On either side: norms fall as the loss does, which is no spike. */
const AROUND = 5;
/** A limit so far below the median shortens every gradient: it is a lower learning rate in disguise. */
const ALWAYS = 0.1;

/** Norms of the gradients of a short training, and the clipping constant that they suggest. */
export const gradientNorms: Check = {
  id: 'gradient-norms',
  title: 'Gradients are of steady size',
  run(context) {
    const missing = withoutInputs(context);
    if (missing) return missing;
    const { shortTraining, config } = context;
    if (!shortTraining) return nothingLearned(context);
    const all = shortTraining.gradientNorms;
    const norms = all.slice(Math.floor(SKIPPED * all.length));
    const median = quantile(norms, 0.5);
    const high = quantile(norms, 0.95);
    const largest = quantile(norms, 1);
    const spike = largestSpike(norms);
    // Healthy gradients pass, all but a few.
    const suggested = roundedUp(high);
    const evidence = { steps: all.length, median, p95: high, largest, spike, suggested };
    const path = ['gradientClip'];
    const seen = `Over ${all.length} steps the norm of all gradients is ${number(median)} (median), ${number(high)} (95th percentile), ${number(largest)} at most`;
    const fixes = [
      {
        title: `Clip gradients at norm ${suggested}`,
        edits: [{ path, value: { norm: suggested } }],
      },
    ];
    const limit = config.gradientClip?.norm;
    if (limit !== undefined && limit < ALWAYS * median) {
      const message = `${seen}; gradientClip ${limit} shortens every one of them, which is only a lower learning rate. ${suggested} stops the outliers alone.`;
      return outcome(
        'warn',
        ['gradientClip', 'norm'],
        message,
        { ...evidence, threshold: ALWAYS },
        fixes,
      );
    }
    if (config.gradientClip === undefined && spike > SPIKY) {
      const message = `${seen}, and once ${number(spike)} times that of the steps around it: single batches throw the weights about. Clip gradients at norm ${suggested}.`;
      return outcome('warn', path, message, { ...evidence, threshold: SPIKY }, fixes);
    }
    return outcome('pass', path, `${seen}. A clipping constant would be ${suggested}.`, evidence);
  },
};

/** The largest ratio of a norm to the median around it. */
function largestSpike(norms: readonly number[]): number {
  const ratios = norms.map((norm, i) => {
    const around = quantile(norms.slice(Math.max(0, i - AROUND), i + AROUND + 1), 0.5);
    return around > 0 ? norm / around : 0;
  });
  return Math.max(...ratios);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** To one significant digit that is no less. */
function roundedUp(value: number): number {
  const near = rounded(value);
  return near >= value ? near : rounded(near + 10 ** Math.floor(Math.log10(value)));
}
