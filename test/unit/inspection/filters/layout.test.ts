import { describe, expect, test } from 'vitest';
import type { PlanSummary } from '../../../../core/events/run-event.ts';
import { firstLayer } from '../../../../core/inspection/filters/layout.ts';
import { inferShapes } from '../../../../core/network/shapes.ts';
import { configOf } from '../../training/fixtures.ts';

/** What a run tells of a network of these layers. */
function planOf(layers: unknown[], inputShape: number[]): PlanSummary {
  const shapes = inferShapes(configOf({ model: { layers } }).model.layers, inputShape);
  return {
    inputShape,
    parameterCount: 0,
    arenaBytes: 0,
    layers: shapes.map(({ path, label, layer, outputShape, parameters }) => ({
      path,
      label,
      kind: layer.kind,
      outputShape,
      parameters: parameters.map(({ name, shape }) => ({ id: `${label} ${name}`, name, shape })),
    })),
  };
}

const rgb = [32, 32, 3];

describe('the first layer with weights as images', () => {
  test.each<[string, unknown[], number[], [number, number, number, number], string]>([
    ['dense on a grey image', [{ dense: 100 }], [8, 8, 1], [8, 8, 1, 100], 'dense 1'],
    ['dense on a wide color image', [{ dense: 5 }], [4, 9, 3], [4, 9, 3, 5], 'dense 1'],
    ['behind flatten', ['flatten', { dense: 5 }], rgb, [32, 32, 3, 5], 'dense 1'],
    ['behind dropout', [{ dropout: 0.2 }, { dense: 5 }], rgb, [32, 32, 3, 5], 'dense 1'],
    ['behind a pool', [{ maxPool: 2 }, 'flatten', { dense: 5 }], rgb, [16, 16, 3, 5], 'dense 1'],
    ['behind batch normalization', ['batchNorm', { dense: 5 }], rgb, [32, 32, 3, 5], 'dense 1'],
    [
      'a unit of two pieces',
      [{ maxout: { units: 4, pieces: 2 } }],
      rgb,
      [32, 32, 3, 8],
      'maxout 1',
    ],
    [
      'a unit whose weights drop',
      [{ dropConnect: { units: 4 } }],
      rgb,
      [32, 32, 3, 4],
      'dropConnect 1',
    ],
    [
      'kernels',
      [{ conv2d: { channels: 16, kernel: 5 } }, { dense: 9 }],
      rgb,
      [5, 5, 3, 16],
      'conv2d 1',
    ],
    ['one unit', [{ dense: 1 }], [8, 8, 1], [8, 8, 1, 1], 'dense 1'],
    [
      'in a block',
      [{ residual: [{ conv2d: { channels: 3, kernel: 3, padding: 'same' } }] }],
      rgb,
      [3, 3, 3, 3],
      'conv2d 1',
    ],
  ])('%s', (_, layers, input, [height, width, channels, units], label) => {
    const first = firstLayer(planOf(layers, input))!;
    expect(first.layer.label).toBe(label);
    expect(first.layout).toEqual({ height, width, channels, units });
    expect(first.reason).toBe('');
  });

  test('its index counts the parameter sets before it', () => {
    const plan = planOf(['batchNorm', { dense: 5 }], rgb);
    expect(plan.layers[0]!.parameters).toHaveLength(2);
    expect(firstLayer(plan)!.parameter).toBe(2);
  });

  test('principal components are no pixels, whatever their shape', () => {
    const first = firstLayer({ ...planOf([{ dense: 5 }], rgb), rotation: 'whiten' })!;
    expect(first.layout).toBeNull();
    expect(first.reason).toMatch(/^preprocess: whiten, before dense 1/);
  });

  test.each<[string, unknown[], number[], RegExp]>([
    ['features', [{ dense: 5 }], [2], /plain list of 2 features.*data\.image/],
    ['one feature', [{ dense: 5 }], [1], /plain list of 1 feature,/],
    ['one pixel', [{ dense: 5 }], [1, 1, 3], /image of one pixel/],
    ['kernels of one pixel', [{ conv2d: { channels: 8, kernel: 1 } }], rgb, /one pixel/],
    ['mixed pixels', ['globalAvgPool', { dense: 5 }], rgb, /^globalAvgPool 1, before dense 1/],
    ['a softmax before', ['flatten', 'softmax', { dense: 5 }], rgb, /^softmax 1, before dense 1/],
  ])('no images, and why: %s', (_, layers, input, reason) => {
    const first = firstLayer(planOf(layers, input))!;
    expect(first.layout).toBeNull();
    expect(first.reason).toMatch(reason);
  });

  test('no weights at all', () => {
    expect(firstLayer(planOf(['relu', 'batchNorm'], [8, 8, 1]))).toBeNull();
  });
});
