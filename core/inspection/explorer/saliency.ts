import { RandomStream } from '../../data/random.ts';
import { checkOutput, type Exploration, type Report, verdictOf } from './exploration.ts';
import type { Queries, SaliencyAnswer } from './protocol.ts';

/**
 * Which inputs a score depends on most: |∂ score / ∂ input|, the largest over the channels of a pixel
 * (Simonyan et al. 2014). SmoothGrad (Smilkov et al. 2017) takes the mean gradient of noisy copies.
 */
export function saliency(
  exploration: Exploration,
  { example, output: wanted, smooth }: Queries['saliency'],
  report: Report,
): SaliencyAnswer {
  const { model, book, reading } = exploration;
  if (wanted !== null) checkOutput(exploration, wanted);
  const raw = book.raw(example);
  const inputs = model.inputs(1);
  book.put(example.part, [example.index], inputs);
  model.forward(1, model.last);
  const output = wanted ?? Math.max(0, verdictOf(exploration, 0).predicted ?? 0);
  const score = reading.scores(model.values(reading.scoreLayer, 1))[output];
  const gradient = smooth
    ? smoothGradient(exploration, raw, output, smooth, report)
    : book.toRawGradient(scoreGradient(exploration, 1, output));
  return { output, score, gradient, map: largestOfChannels(gradient, book.dataset.shape) };
}

/** ∂ score / ∂ input of each row, in the network's unit, after a forward pass as far as the scores. */
export function scoreGradient(
  { model, reading }: Exploration,
  rows: number,
  output: number,
): Float32Array {
  const width = model.width(reading.scoreLayer);
  const one = Float32Array.from({ length: reading.count }, (_, k) => (k === output ? 1 : 0));
  return model.backward(rows, reading.scoreLayer, (gradient) => {
    for (let row = 0; row < rows; row++)
      reading.putGradient(one, gradient.subarray(row * width, (row + 1) * width));
  });
}

/** The mean over copies with noise of σ = noise · (max − min of the input). Always the same noise. */
function smoothGradient(
  exploration: Exploration,
  raw: Float32Array,
  output: number,
  { samples, noise }: { samples: number; noise: number },
  report: Report,
): Float32Array {
  const { model, book, reading } = exploration;
  const low = raw.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = raw.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const random = new RandomStream(0, 'smooth gradient');
  const sums = new Float64Array(raw.length);
  for (let done = 0; done < samples; ) {
    const rows = Math.min(model.capacity, samples - done);
    const inputs = model.inputs(rows);
    random.fillNormal(inputs, noise * (high - low));
    for (let i = 0; i < inputs.length; i++) inputs[i]! += raw[i % raw.length];
    book.toNetwork(inputs);
    model.forward(rows, reading.scoreLayer);
    const gradient = scoreGradient(exploration, rows, output);
    for (let i = 0; i < gradient.length; i++) sums[i % raw.length]! += gradient[i];
    done += rows;
    report(done / samples);
  }
  return book.toRawGradient(Float32Array.from(sums, (sum) => sum / samples));
}

function largestOfChannels(gradient: Float32Array, shape: readonly number[]): Float32Array {
  const channels = shape.length === 3 ? shape[2] : 1;
  const map = new Float32Array(gradient.length / channels);
  for (let i = 0; i < gradient.length; i++) {
    const place = Math.floor(i / channels);
    map[place] = Math.max(map[place], Math.abs(gradient[i]));
  }
  return map;
}
