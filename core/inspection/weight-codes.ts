import type { WeightsEvent } from '../events/run-event.ts';

/** A parameter set's values in 65,535 levels: value = scale · code / 32767. */
export type CodedWeights = Pick<WeightsEvent, 'scale' | 'codes'>;

const LARGEST_CODE = 32767;
const NOT_FINITE = -32768;

export function encodeWeights(values: Float32Array): CodedWeights {
  let scale = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    if (magnitude > scale && magnitude < Number.POSITIVE_INFINITY) scale = magnitude;
  }
  const factor = scale === 0 ? 0 : LARGEST_CODE / scale;
  const codes = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // What is not finite minus itself is NaN.
    codes[i] = value - value === 0 ? Math.round(value * factor) : NOT_FINITE;
  }
  return { scale, codes };
}

/** In the order of the parameter's shape; NaN for what was not finite. */
export function decodeWeights({ scale, codes }: CodedWeights): Float32Array {
  const unit = scale / LARGEST_CODE;
  const values = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++)
    values[i] = codes[i] === NOT_FINITE ? Number.NaN : codes[i] * unit;
  return values;
}
