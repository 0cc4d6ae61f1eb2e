import { receptiveField } from '../../network/receptive-field.ts';
import type { LayerShape } from '../../network/shapes.ts';
import type { Excitation } from './protocol.ts';

/**
 * Where among a layer's values, of one example, a unit is most active: the place of its channel, the first
 * of equal ones, as an index into the values. −1 where all are NaN.
 */
export function mostActive(values: Float32Array, shape: readonly number[], unit: number): number {
  const channels = shape[shape.length - 1];
  let best = -1;
  for (let i = unit; i < values.length; i += channels) {
    if (best < 0 ? !Number.isNaN(values[i]) : values[i] > values[best]) best = i;
  }
  return best;
}

/** What a value of a layer stands for. */
export function excitationAt(
  shapes: readonly LayerShape[],
  layer: number,
  index: number,
  value: number,
): Excitation {
  const { outputShape } = shapes[layer];
  const [, width, channels] = outputShape;
  const position = Math.floor(index / channels);
  return {
    value,
    place:
      outputShape.length === 3
        ? { row: Math.floor(position / width), column: position % width }
        : null,
    box: receptiveField(shapes, layer, index),
  };
}
