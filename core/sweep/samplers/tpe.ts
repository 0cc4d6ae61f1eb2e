import type { RandomStream } from '../../data/index.ts';
import type { Dimension } from '../space.ts';
import { random, trialStream } from './random.ts';
import type { Sampler } from './sampler.ts';

/**
 * Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio, Kégl: "Algorithms for hyper-parameter
 * optimization", NIPS 2011), each key by itself: the density ℓ of the good trials and g of the others are
 * estimated; of some candidates drawn from ℓ the one with the largest ℓ / g is tried.
 */

/** Trials in a round: they are chosen together, from what the rounds before have told. */
export const TPE_ROUND = 8;
/** Before so many are known, points are random. */
const STARTUP = 10;
const GOOD_SHARE = 0.2;
const CANDIDATES = 24;
/** No kernel is narrower than this part of the range. */
const NARROWEST = 0.02;

export const tpe: Sampler = (request) => {
  const { space, seed, stage, first, count, known } = request;
  if (known.length < STARTUP) return random(request);
  const sorted = known.toSorted((a, b) => a.rank - b.rank).map(({ point }) => point);
  const good = sorted.slice(0, Math.ceil(GOOD_SHARE * sorted.length));
  const others = sorted.slice(good.length);
  const points: number[][] = [];
  for (let i = 0; i < count; i++) {
    const stream = trialStream(seed, stage, first + i, 'sweep tpe');
    // Those chosen just now count as tried: a round spreads.
    const g = [...others, ...points];
    points.push(
      space.map((dimension, d) =>
        propose(
          stream,
          dimension,
          good.map((point) => point[d]!),
          g.map((point) => point[d]!),
        ),
      ),
    );
  }
  return points;
};

function propose(
  stream: RandomStream,
  { range }: Dimension,
  good: readonly number[],
  others: readonly number[],
): number {
  const density = range.kind === 'choice' ? choices(range.values.length) : parzen;
  const l = density(good);
  const g = density(others);
  let best = 0;
  let bestRatio = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < CANDIDATES; k++) {
    const candidate = l.draw(stream);
    const ratio = l.at(candidate) / g.at(candidate);
    if (ratio > bestRatio) {
      best = candidate;
      bestRatio = ratio;
    }
  }
  return best;
}

interface Density {
  at(x: number): number;
  draw(stream: RandomStream): number;
}

/** A Gaussian around each center, as wide as the gap to its neighbours, and one uniform kernel over all. */
function parzen(centers: readonly number[]): Density {
  const sorted = centers.toSorted((a, b) => a - b);
  const alone = sorted.length === 1;
  const widths = sorted.map((x, i) =>
    alone ? 1 : Math.max(NARROWEST, x - (sorted[i - 1] ?? x), (sorted[i + 1] ?? x) - x),
  );
  const kernels = sorted.length + 1;
  return {
    at(x) {
      let sum = 1;
      for (let i = 0; i < sorted.length; i++) {
        const z = (x - sorted[i]!) / widths[i]!;
        sum += Math.exp(-0.5 * z * z) / (widths[i]! * Math.sqrt(2 * Math.PI));
      }
      return sum / kernels;
    },
    draw(stream) {
      const kernel = stream.integer(kernels);
      if (kernel === sorted.length) return stream.uniform();
      for (;;) {
        const x = sorted[kernel]! + widths[kernel]! * stream.normal();
        if (x >= 0 && x < 1) return x;
      }
    },
  };
}

/** How often each choice was made, once more than it was. */
const choices =
  (count: number) =>
  (units: readonly number[]): Density => {
    const weights = new Array<number>(count).fill(1);
    const indexOf = (unit: number) => Math.min(count - 1, Math.floor(unit * count));
    for (const unit of units) weights[indexOf(unit)]!++;
    const total = units.length + count;
    return {
      at: (x) => weights[indexOf(x)]! / total,
      draw(stream) {
        let rest = stream.integer(total);
        const index = weights.findIndex((weight) => {
          rest -= weight;
          return rest < 0;
        });
        return (index + 0.5) / count;
      },
    };
  };
