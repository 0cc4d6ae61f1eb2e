/** Where the windows of a convolution or a pool lie along one side of an image. */
export interface Side {
  /** Number of windows. */
  count: number;
  /** Place of the i-th window's k-th element; outside 0..extent it is padding. */
  at(i: number, k: number): number;
}

/**
 * `same`: count = ⌈extent/stride⌉, as much padding as that needs, the smaller half before
 * (TensorFlow's rule). A number: so much padding on both ends. `valid`: none.
 */
export function sideOf(
  extent: number,
  size: number,
  stride: number,
  padding: 'same' | 'valid' | number,
): Side {
  if (padding === 'same') {
    const count = Math.ceil(extent / stride);
    const total = Math.max((count - 1) * stride + size - extent, 0);
    return { count, at: (i, k) => i * stride + k - Math.floor(total / 2) };
  }
  const before = padding === 'valid' ? 0 : padding;
  const count = Math.floor((extent + 2 * before - size) / stride) + 1;
  return { count, at: (i, k) => i * stride + k - before };
}
