import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../../core/network/shapes.ts';
import { configOf, datasetOf, trainerOf } from '../training/fixtures.ts';

const shapesOf = (layers: unknown[], inputShape: number[]) =>
  inferShapes(configOf({ model: { layers } }).model.layers, inputShape);

describe('layers of images: shapes', () => {
  it.each<[layer: unknown, input: number[], output: number[]]>([
    [{ conv2d: 7 }, [8, 5, 3], [8, 5, 7]],
    [{ conv2d: { channels: 7, stride: 2 } }, [9, 4, 3], [5, 2, 7]],
    [{ conv2d: { channels: 7, kernel: [1, 5], padding: 'valid' } }, [9, 5, 3], [9, 1, 7]],
    [{ conv2d: { channels: 7, kernel: 5, padding: 1, stride: 3 } }, [8, 9, 3], [2, 3, 7]],
    [{ maxPool: 2 }, [7, 4, 3], [3, 2, 3]],
    [{ maxPool: { size: 3, stride: 1 } }, [7, 4, 3], [5, 2, 3]],
    [{ avgPool: { size: 2, stride: 3 } }, [7, 5, 3], [2, 2, 3]],
    ['globalAvgPool', [7, 5, 3], [3]],
    ['flatten', [7, 5, 3], [105]],
  ])('%j of %j gives %j', (layer, input, output) => {
    expect(shapesOf([layer], input)[0].outputShape).toEqual(output);
  });

  it.each<[layer: unknown, input: number[], message: RegExp]>([
    [{ conv2d: 7 }, [64], /takes an image.*64 values come in for each example.*`image:/],
    [{ maxPool: 2 }, [1], /takes an image.* 1 value comes in for each/],
    ['globalAvgPool', [12], /takes an image/],
    [
      { conv2d: { channels: 1, kernel: 5, padding: 'valid' } },
      [4, 9, 1],
      /kernel has 5 × 5 pixels.*4 × 9: the kernel does not fit.*`padding: same`/,
    ],
    [
      { conv2d: { channels: 1, kernel: 9, padding: 1 } },
      [6, 9, 1],
      /6 × 9 with its padding of 1: the kernel/,
    ],
    [{ maxPool: 3 }, [2, 8, 1], /windows of 3 × 3 pixels.*2 × 8: not one fits/],
  ])('%j cannot take %j', (layer, input, message) => {
    expect(() => shapesOf([layer], input)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(message),
        place: expect.objectContaining({ path: ['model', 'layers', 0] }),
      }),
    );
  });
});

describe('maxPool', () => {
  /** A trainer of a network that begins with maxPool sees the data themselves. */
  function pooled(values: number[], width: number, variant: 'relaxed-simd' | 'simd') {
    const shape = [values.length / width, width, 1];
    const trainer = trainerOf(
      configOf({ model: { layers: [{ maxPool: 2 }, { dense: 2 }] } }),
      datasetOf({ inputs: Float32Array.from(values), shape, labels: [0], outputs: 2 }),
      variant,
    );
    trainer.trainStep();
    const { output } = trainer.plan.network.layers[0];
    return [...new Float32Array(trainer.memory.buffer, output.offset, Math.floor(width / 2))];
  }

  it.each(['relaxed-simd', 'simd'] as const)('NaN and infinities go through, %s', (variant) => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    const rows = [
      [1, nan, -infinity, -infinity, 3, 2, 9],
      [2, 0, -infinity, -infinity, infinity, -4, 9],
    ];
    expect(pooled(rows.flat(), 7, variant)).toEqual([nan, -infinity, infinity]);
  });
});
