import { describe, expect, it } from 'vitest';
import { floats } from '../../../core/training/arena.ts';
import type { LayerConfig } from '../../reference/config.ts';
import { relativeError } from '../../reference/gradient-check.ts';
import { sizeOf } from '../../reference/tensor.ts';
import { expectExplored, explored, inputGradientOf, run } from './explored.ts';

const filters = (channels: number, kernel = 3): LayerConfig => ({
  conv2d: { channels, kernel, padding: 'same' },
});

const networks: [name: string, layers: LayerConfig[], inputShape: number[]][] = [
  ['dense', [{ dense: 7 }, { dense: 3 }], [5]],
  ['activations', [{ dense: 7 }, 'tanh', 'relu', 'sigmoid', 'gelu', 'prelu', 'softmax'], [5]],
  ['an activation first', ['tanh', { dense: 4 }], [5]],
  ['only an activation', ['softmax'], [5]],
  ['batchNorm', ['batchNorm', { dense: 6 }, 'batchNorm', 'relu', { dense: 3 }], [5]],
  ['batchNorm of an image', [filters(5), 'batchNorm', 'relu', { dense: 3 }], [6, 5, 2]],
  ['dropout', [{ dropout: 0.5 }, { dense: 6 }, { dropout: 0.5 }, { dense: 3 }], [5]],
  ['dropConnect', [{ dropConnect: { units: 6, rate: 0.5 } }, 'tanh', { dense: 3 }], [5]],
  ['maxout', [{ maxout: 6 }, { maxout: { units: 3, pieces: 3 } }], [5]],
  ['residual', [{ residual: [{ dense: 5 }, 'tanh', { dense: 5 }] }, 'relu', { dense: 3 }], [5]],
  [
    'residuals that begin together',
    [{ residual: [{ residual: ['tanh', { dense: 5 }] }, { dense: 5 }, 'relu'] }, { dense: 3 }],
    [5],
  ],
  ['a residual of conv2d', [filters(4), { residual: [filters(4), 'relu', filters(4)] }], [5, 4, 2]],
  ['conv2d by Winograd', [filters(16, 1), filters(20), { avgPool: 2 }], [8, 8, 2]],
  [
    'pools',
    [filters(5), { maxPool: 2 }, { avgPool: { size: 3, stride: 1 } }, 'globalAvgPool'],
    [12, 12, 2],
  ],
  ['flatten', [filters(3), 'flatten', 'tanh', { dense: 3 }], [4, 4, 2]],
];

describe('a network that is explored is at test time the float64 reference', () => {
  it.each(networks)('%s', (_name, layers, inputShape) => {
    expectExplored(1e-5, layers, inputShape);
  });
});

describe('the gradient of a value inside', () => {
  /** Layers of one row each; blocks that end above the value do not count. */
  const layers: LayerConfig[] = [
    { dense: 5 },
    { residual: ['tanh', { dense: 5 }, { residual: [{ dense: 5 }, 'relu'] }, 'sigmoid'] },
    { dense: 3 },
  ];
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'of layer %i is that of its numeric differences',
    (layer) => {
      const { plan, memory, input, ops } = explored(layers, [5]);
      const { output, outputGradient, shape } = plan.layers[layer];
      const width = sizeOf(shape.outputShape);
      const unit = layer % width;
      run(ops.forward(layer), 1);
      // Anything may have been left by an earlier pass.
      for (const { outputGradient: stale, skip } of plan.layers) {
        floats(memory, stale.offset, width).fill(100);
        if (skip.dx !== 0) floats(memory, skip.dx, width).fill(100);
      }
      const dy = floats(memory, outputGradient.offset, width).fill(0);
      dy[unit] = 1;
      run(ops.backward(layer, 'gradient'), 1);
      const gradient = floats(memory, inputGradientOf(plan), 5).slice();
      const at = (i: number, change: number) => {
        const before = input[i];
        input[i] = before + change;
        run(ops.forward(layer), 1);
        input[i] = before;
        return floats(memory, output.offset, width)[unit];
      };
      const numeric = Array.from(gradient, (_, i) => (at(i, 0.01) - at(i, -0.01)) / 0.02);
      expect(relativeError(gradient, numeric, 0.1)).toBeLessThan(1e-3);
    },
  );
});

/** y = max(0, x W) V, by hand. */
describe('a relu', () => {
  it.each([
    ['gradient', (x: number, dy: number) => (x > 0 ? dy : 0)],
    ['deconvolution', (_x: number, dy: number) => Math.max(0, dy)],
    ['guided', (x: number, dy: number) => (x > 0 ? Math.max(0, dy) : 0)],
  ] as const)('passes %s by its own rule', (rule, rectified) => {
    const { plan, memory, ops, held } = explored([{ dense: 6 }, 'relu', { dense: 2 }], [3]);
    run(ops.forward(2), 1);
    const x = [...floats(memory, plan.layers[0].output.offset, 6)];
    floats(memory, plan.layers[2].outputGradient.offset, 2).set([0, 1]);
    run(ops.backward(2, rule), 1);
    const w = held['model.layers.0.weights'];
    const v = held['model.layers.2.weights'];
    const hidden = x.map((value, j) => rectified(value, v[j * 2 + 1]));
    const dx = [0, 1, 2].map((i) => hidden.reduce((sum, d, j) => sum + w[i * 6 + j] * d, 0));
    expect(relativeError(floats(memory, inputGradientOf(plan), 3), dx)).toBeLessThan(1e-5);
  });
});
