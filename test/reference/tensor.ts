/** Values in row-major order; the first extent counts examples. */
export interface Tensor {
  shape: number[];
  values: Float64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function zeros(shape: number[]): Tensor {
  return { shape, values: new Float64Array(sizeOf(shape)) };
}

export function tensor(shape: number[], values: ArrayLike<number>): Tensor {
  if (values.length !== sizeOf(shape)) {
    throw new Error(`${values.length} values do not make ${shape.join('×')}`);
  }
  return { shape, values: Float64Array.from(values) };
}

/** f of each value and its place. */
export function map({ shape, values }: Tensor, f: (value: number, i: number) => number): Tensor {
  return { shape, values: values.map((value, i) => f(value, i)) };
}
