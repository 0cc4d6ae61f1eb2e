import { RandomStream } from '../../data/random.ts';
import { UserError } from '../../events/user-error.ts';
import { blur } from './blur.ts';
import { checkOutput, type Exploration, type Report, verdictOf } from './exploration.ts';
import type { ClassImageAnswer, Queries } from './protocol.ts';
import { scoreGradient } from './saliency.ts';

/** It is blurred after so many steps. */
const BLUR_EVERY = 4;

/**
 * What the network takes for a class: an image that makes its score large, by gradient ascent from the mean
 * image (Simonyan et al. 2014: the score minus λ times the squared norm). Each step shrinks the difference
 * from the mean (L2), shifts it at random (jitter) and goes uphill as far whatever the steepness; now
 * and then it is blurred, so that no high frequencies win (Yosinski et al. 2015).
 */
export function classImage(
  exploration: Exploration,
  query: Queries['classImage'],
  report: Report,
): ClassImageAnswer {
  const { model, book, reading } = exploration;
  const { output, steps, rate, l2, jitter, seed } = query;
  checkOutput(exploration, output);
  const { shape, statistics } = book.dataset;
  const { low, high } = book.range;
  const random = new RandomStream(seed, 'class image');
  // A pixel of which nothing is known begins in the middle.
  const mean = Float32Array.from(statistics.mean, (x) => (Number.isNaN(x) ? (low + high) / 2 : x));
  const difference = new Float32Array(mean.length);
  const scores = new Float32Array(steps + 1);
  const look = (image: Float32Array, to: number) => {
    const inputs = model.inputs(1);
    inputs.set(image);
    book.toNetwork(inputs);
    model.forward(1, to);
    return reading.scores(model.values(reading.scoreLayer, 1))[output];
  };
  const imageOf = () => difference.map((d, i) => mean[i] + d);
  for (let step = 0; step < steps; step++) {
    scores[step] = look(imageOf(), reading.scoreLayer);
    const [down, right] = [offset(random, jitter), offset(random, jitter)];
    if (jitter > 0) look(shifted(imageOf(), shape, down, right), reading.scoreLayer);
    const gradient = book.toRawGradient(scoreGradient(exploration, 1, output));
    const uphill = shifted(gradient, shape, -down, -right);
    const length = Math.sqrt(uphill.reduce((sum, g) => sum + g * g, 0) / uphill.length);
    if (!Number.isFinite(length))
      throw new UserError('The gradient of this score is not finite: there is no way uphill.');
    const far = length === 0 ? 0 : (rate * (high - low)) / length;
    for (let i = 0; i < difference.length; i++) {
      const moved = mean[i] + (1 - l2) * difference[i] + far * uphill[i];
      difference[i] = Math.min(high, Math.max(low, moved)) - mean[i];
    }
    if (query.blur > 0 && (step + 1) % BLUR_EVERY === 0)
      difference.set(blur(difference, shape, query.blur));
    report((step + 1) / steps);
  }
  const input = imageOf();
  scores[steps] = look(input, model.last);
  return { ...verdictOf(exploration, 0), input, scores };
}

/** One of −most … most. */
function offset(random: RandomStream, most: number): number {
  return random.integer(2 * most + 1) - most;
}

/** An image moved down and to the right; what leaves on one side comes in on the other. */
function shifted(
  image: Float32Array,
  [height, width, channels]: readonly number[],
  down: number,
  right: number,
): Float32Array {
  const wrapped = (at: number, extent: number) => ((at % extent) + extent) % extent;
  const to = new Float32Array(image.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const source = wrapped(row - down, height) * width + wrapped(column - right, width);
      const pixel = image.subarray(source * channels, (source + 1) * channels);
      to.set(pixel, (row * width + column) * channels);
    }
  }
  return to;
}
