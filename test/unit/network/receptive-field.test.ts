import { describe, expect, it } from 'vitest';
import type { Box } from '../../../core/network/box.ts';
import { receptiveField } from '../../../core/network/receptive-field.ts';
import { floats } from '../../../core/training/arena.ts';
import type { LayerConfig } from '../../reference/config.ts';
import { sizeOf } from '../../reference/tensor.ts';
import { explored, run } from './explored.ts';

describe('a receptive field', () => {
  const padded = (kernel: number, stride: number, padding: 'same' | 'valid' | number) =>
    ({ conv2d: { channels: 3, kernel, stride, padding } }) satisfies LayerConfig;
  it.each<[string, LayerConfig[], number[]]>([
    ['conv2d', [padded(3, 1, 'same'), 'tanh', padded(5, 1, 'same')], [9, 8, 2]],
    [
      'strides and paddings',
      [padded(3, 2, 'valid'), padded(3, 1, 1), padded(2, 2, 'same')],
      [10, 13, 1],
    ],
    ['rows left over, then padding', [padded(3, 2, 'valid'), padded(3, 1, 'same')], [8, 8, 1]],
    ['padding wider than the kernel', [padded(1, 1, 0), padded(3, 1, 4)], [4, 4, 1]],
    [
      'pools',
      [padded(3, 1, 'same'), { avgPool: { size: 3, stride: 2 } }, { avgPool: 2 }],
      [12, 11, 2],
    ],
    ['maxPool', [padded(2, 1, 'valid'), { maxPool: 2 }], [7, 7, 1]],
    [
      'a residual block',
      [padded(1, 1, 0), { residual: [padded(3, 1, 'same'), 'tanh'] }],
      [6, 6, 2],
    ],
    ['softmax over channels', [padded(3, 1, 'valid'), 'softmax'], [5, 5, 2]],
    ['flatten', [padded(3, 1, 'same'), 'flatten', 'tanh'], [5, 6, 2]],
    ['softmax of a row', [padded(3, 2, 'same'), 'flatten', 'softmax'], [5, 6, 1]],
    ['globalAvgPool', [padded(3, 1, 'same'), 'globalAvgPool'], [5, 6, 2]],
    ['dense', [padded(3, 1, 'same'), { dense: 4 }, 'tanh'], [5, 6, 2]],
    ['batchNorm and dropout', ['batchNorm', padded(3, 1, 'same'), { dropout: 0.5 }], [5, 6, 2]],
    ['an activation of the image', ['tanh'], [5, 6, 2]],
  ])('of %s holds exactly what changes a value', (_name, layers, inputShape) => {
    const network = explored(layers, inputShape);
    const { shapes, memory, plan } = network;
    const layer = shapes.length - 1;
    const size = sizeOf(shapes[layer].outputShape);
    const channels = shapes[layer].outputShape.at(-1)!;
    const found = Array.from({ length: size }, (): Box[] => []);
    const output = floats(memory, plan.layers[layer].output.offset, size);
    run(network.ops.forward(layer), 1);
    const before = output.slice();
    const [height, width, depth] = inputShape;
    for (let place = 0; place < height * width; place++) {
      const pixel = network.input.subarray(place * depth, (place + 1) * depth);
      const kept = pixel.slice();
      // Far up and far down: whatever a maximum is, one of them moves it.
      for (const far of [30, -30, 1]) {
        pixel.set(kept.map((value) => value + far));
        run(network.ops.forward(layer), 1);
        for (let i = 0; i < size; i++) {
          if (output[i] === before[i]) continue;
          found[i].push({
            top: Math.floor(place / width),
            left: place % width,
            height: 1,
            width: 1,
          });
        }
      }
      pixel.set(kept);
    }
    // A tanh may be flat, a channel unused: what one channel sees of the image, all of a place see.
    const ofPlace = (i: number) =>
      shapes[layer].outputShape.length === 3
        ? found.slice(i - (i % channels), i - (i % channels) + channels).flat()
        : found[i];
    for (let i = 0; i < size; i++) {
      const box = receptiveField(shapes, layer, i);
      expect(box.height * box.width > 0 ? box : null, `value ${i}`).toEqual(hull(ofPlace(i)));
    }
  });
});

/** Bounds; nothing seen is an empty box, wherever. */
function hull(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const top = Math.min(...boxes.map((box) => box.top));
  const left = Math.min(...boxes.map((box) => box.left));
  const height = Math.max(...boxes.map((box) => box.top)) - top + 1;
  const width = Math.max(...boxes.map((box) => box.left)) - left + 1;
  return { top, left, height, width };
}
