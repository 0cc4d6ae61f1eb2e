import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { LayerConfig } from '../reference/config.ts';
import { expectExplored } from '../unit/network/explored.ts';
import { expectTwins } from '../unit/network/twins.ts';

/**
 * Layers in any order and nesting: what is written in place, what shares bytes, and what goes around
 * a residual block must never meet. A clash is an error of the size of the values, so that the tolerance
 * can leave room for networks that magnify the rounding.
 */
const TOLERANCE = 2e-3;
const RUNS = 60;
/** None leaves a last batch of one row, which has no variance. */
const batchSizes = fc.constantFrom(3, 4, 6, 11);

/** Each keeps the shape of [6], or of [5 × 4 × 3]. */
const elementwise: LayerConfig[] = [
  'sigmoid',
  'tanh',
  'relu',
  { leakyRelu: { slope: 0.3 } },
  'prelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'softplus',
  'softmax',
  'batchNorm',
  { dropout: 0.3 },
];
const onRows: LayerConfig[] = [
  { dense: 6 },
  { dense: { units: 6, bias: false } },
  { maxout: 6 },
  { dropConnect: { units: 6, rate: 0.3 } },
];
const onImages: LayerConfig[] = [1, 2, 3].map((kernel) => ({
  conv2d: { channels: 3, kernel, padding: 'same' },
}));
/** What an image network may end in. */
const ends: LayerConfig[] = [
  { maxPool: 2 },
  { maxPool: { size: 3, stride: 1 } },
  { avgPool: 2 },
  'globalAvgPool',
  'flatten',
];

/** Some of the layers, in blocks and blocks of blocks. */
function stackOf(layers: LayerConfig[]): fc.Arbitrary<LayerConfig[]> {
  const { stack } = fc.letrec<{ stack: LayerConfig[]; layer: LayerConfig }>((tie) => ({
    layer: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { arbitrary: fc.constantFrom(...layers), weight: 4 },
      { arbitrary: tie('stack').map((residual) => ({ residual })), weight: 1 },
    ),
    stack: fc.array(tie('layer'), { minLength: 1, maxLength: 5 }),
  }));
  return stack;
}

describe('any network', () => {
  it('of rows is that of the reference', () => {
    fc.assert(
      fc.property(stackOf([...elementwise, ...onRows]), batchSizes, (stack, batchSize) => {
        const layers = [...stack, { dense: 3 }];
        expectTwins(TOLERANCE, {
          layers,
          loss: 'softmaxCrossEntropy',
          task: 'classification',
          inputShape: [6],
          outputs: 3,
          batchSize,
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('of images is that of the reference', () => {
    const end = fc.constantFrom(...ends, null);
    const stack = stackOf([...elementwise, ...onImages]);
    fc.assert(
      fc.property(stack, end, batchSizes, (stack, end, batchSize) => {
        const layers = [...stack, ...(end ? [end] : []), { dense: 3 }];
        expectTwins(TOLERANCE, {
          layers,
          loss: 'softmaxCrossEntropy',
          task: 'classification',
          inputShape: [5, 4, 3],
          outputs: 3,
          batchSize,
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('can be explored', () => {
    const end = fc.constantFrom(...ends, null);
    const rows = stackOf([...elementwise, ...onRows]);
    const images = fc.tuple(stackOf([...elementwise, ...onImages]), end);
    fc.assert(
      fc.property(rows, images, (rows, [stack, end]) => {
        expectExplored(TOLERANCE, rows, [6]);
        expectExplored(TOLERANCE, [...stack, ...(end ? [end] : [])], [5, 4, 3]);
      }),
      { numRuns: RUNS },
    );
  });
});
