import { RandomStream } from '../../data/random.ts';
import { UserError } from '../../events/user-error.ts';
import { checkLayer, type Exploration, forEachBatch, type Report } from './exploration.ts';
import {
  componentsOf,
  type Features,
  principalComponents,
  scalarProducts,
} from './principal-components.ts';
import type { EmbeddingAnswer, Queries } from './protocol.ts';
import { tsne } from './tsne.ts';

/** With fewer there is nothing to compare. */
export const FEWEST_EXAMPLES = 3;
/** Time and memory grow with their square. */
const MOST_EXAMPLES = 2000;
/** 256 MiB. */
const MOST_VALUES = 2 ** 26;
/** What a float32 holds. */
const LARGEST = 3.4e38;
/** Usual is 5 to 50. */
const PERPLEXITY = 30;
/** Shares of the work: the passes, then the axes, then the rest. */
const PASSES = 0.2;
const AXES = 0.5;

/** Where examples lie to each other, as a layer sees them, in two dimensions. */
export function embedding(
  exploration: Exploration,
  query: Queries['embedding'],
  report: Report,
): EmbeddingAnswer {
  const { book, poll } = exploration;
  const { part, layer, method, examples } = query;
  checkLayer(exploration, layer);
  const indices = chosen(book.count(part), examples);
  const features = featuresOf(exploration, query, indices, (share) => report(PASSES * share));
  const labels = Int32Array.from(indices, (index) => book.label({ part, index }) ?? -1);
  const axes = (share: number) => report(PASSES + (AXES - PASSES) * share);
  if (method === 'pca') {
    const { points, explained } = principalComponents(features, axes, poll);
    const plain = Float32Array.from(points);
    return { points: plain, indices, labels, explained, divergence: null, perplexity: null };
  }
  const n = features.count;
  const products = scalarProducts(features, poll);
  const squares = products.map((product, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return Math.max(0, products[i * n + i] + products[j * n + j] - 2 * product);
  });
  const { points: start } = componentsOf(products, n, axes, poll);
  // A third at most: else there would be no more than neighbours.
  const perplexity = Math.max(1, Math.min(PERPLEXITY, (n - 1) / 3));
  const rest = (share: number) => report(AXES + (1 - AXES) * share);
  const { points, divergence } = tsne(squares, start, perplexity, rest, poll);
  const plain = Float32Array.from(points);
  return { points: plain, indices, labels, explained: null, divergence, perplexity };
}

/** The same ones each time, in order. */
function chosen(count: number, wanted: number): Uint32Array {
  if (wanted < FEWEST_EXAMPLES || wanted > MOST_EXAMPLES || count < FEWEST_EXAMPLES) {
    throw new UserError(
      `An embedding shows ${FEWEST_EXAMPLES} to ${MOST_EXAMPLES.toLocaleString('en-US')} examples; ${Math.min(wanted, count).toLocaleString('en-US')} were asked for or are there.`,
    );
  }
  const all = Uint32Array.from({ length: count }, (_, i) => i);
  new RandomStream(0, 'embedding').shuffle(all);
  return all.subarray(0, wanted).toSorted();
}

/** A layer's values, centered. Throws UserError where they are too many or not finite. */
function featuresOf(
  exploration: Exploration,
  { part, layer }: Queries['embedding'],
  indices: Uint32Array,
  report: Report,
): Features {
  const { model } = exploration;
  const width = model.width(layer);
  const count = indices.length;
  if (count * width > MOST_VALUES) {
    const fitting = Math.floor(MOST_VALUES / width).toLocaleString('en-US');
    throw new UserError(
      `${model.plan.shapes[layer].label} gives ${width.toLocaleString('en-US')} values an example: there is room for ${fitting} examples. Take fewer, or a later layer.`,
    );
  }
  const values = new Float32Array(count * width);
  forEachBatch(exploration, { part, indices, to: layer }, report, (batch, from) => {
    values.set(model.values(layer, batch.length), from * width);
  });
  const means = new Float64Array(width);
  for (let i = 0; i < values.length; i++) means[i % width]! += values[i] / count;
  if (!means.every(Number.isFinite)) {
    throw new UserError(
      `${model.plan.shapes[layer].label} gives values that are not finite: nothing can be said of their distances.`,
    );
  }
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    values[i]! -= means[i % width];
    squares += values[i] ** 2;
  }
  if (squares > LARGEST) {
    throw new UserError(
      `${model.plan.shapes[layer].label} gives values so large that their distances are not finite: training has diverged.`,
    );
  }
  return { values, count, width };
}
