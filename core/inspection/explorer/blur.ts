/**
 * An image [height × width × channels] under a Gaussian of this standard deviation in pixels, along rows and
 * then along columns; at the border it counts what there is.
 */
export function blur(image: Float32Array, shape: readonly number[], sigma: number): Float32Array {
  const [height, width, channels] = shape;
  const rows = along(image, sigma, height, width * channels, 1, 0);
  return along(rows, sigma, width, channels, height, width * channels);
}

/** Along an axis of `extent` values that lie `pitch` apart; there are `pitch` such lines in each block. */
function along(
  from: Float32Array,
  sigma: number,
  extent: number,
  pitch: number,
  blocks: number,
  blockPitch: number,
): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma * sigma)),
  );
  const to = new Float32Array(from.length);
  for (let block = 0; block < blocks; block++) {
    for (let line = 0; line < pitch; line++) {
      const start = block * blockPitch + line;
      for (let i = 0; i < extent; i++) {
        let sum = 0;
        let weight = 0;
        const first = Math.max(0, i - reach);
        const last = Math.min(extent - 1, i + reach);
        for (let k = first; k <= last; k++) {
          const share = weights[k - i + reach];
          sum += share * from[start + k * pitch];
          weight += share;
        }
        to[start + i * pitch] = sum / weight;
      }
    }
  }
  return to;
}
