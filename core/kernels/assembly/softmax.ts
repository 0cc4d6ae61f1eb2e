// Softmax as a layer: over each row of [rows × width].
import { exp } from './math';
import { laneSum } from './simd';

/** The largest of x[bytes / 4]; NaN if any is NaN. */
// @ts-ignore: decorator
@inline
function largest(bytes: usize, x: usize): f32 {
  let tops = f32x4.splat(-Infinity);
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) tops = f32x4.max(tops, v128.load(x + j));
  let top = max<f32>(
    max<f32>(f32x4.extract_lane(tops, 0), f32x4.extract_lane(tops, 1)),
    max<f32>(f32x4.extract_lane(tops, 2), f32x4.extract_lane(tops, 3)),
  );
  for (; j < bytes; j += 4) top = max<f32>(top, load<f32>(x + j));
  return top;
}

/** yⱼ = e^(xⱼ − m) / Σₖ e^(xₖ − m), m the largest of the row; y may be x. */
export function softmaxForward(rows: u32, width: u32, x: usize, y: usize): void {
  const bytes: usize = <usize>width << 2;
  for (let i: u32 = 0; i < rows; i++, x += bytes, y += bytes) {
    const top = largest(bytes, x);
    const shift = f32x4.splat(top);
    let sums = f32x4.splat(0);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const e = exp(f32x4.sub(v128.load(x + j), shift));
      v128.store(y + j, e);
      sums = f32x4.add(sums, e);
    }
    let sum = laneSum(sums);
    for (; j < bytes; j += 4) {
      const e = f32x4.extract_lane(exp(f32x4.splat(load<f32>(x + j) - top)), 0);
      store<f32>(y + j, e);
      sum += <f64>e;
    }
    const factor = <f32>(1 / sum);
    const factors = f32x4.splat(factor);
    for (j = 0; j + 16 <= bytes; j += 16) {
      v128.store(y + j, f32x4.mul(v128.load(y + j), factors));
    }
    for (; j < bytes; j += 4) store<f32>(y + j, load<f32>(y + j) * factor);
  }
}

/** dxⱼ = yⱼ (dyⱼ − Σₖ dyₖ yₖ); dx may be dy. */
export function softmaxBackward(rows: u32, width: u32, y: usize, dy: usize, dx: usize): void {
  const bytes: usize = <usize>width << 2;
  for (let i: u32 = 0; i < rows; i++, y += bytes, dy += bytes, dx += bytes) {
    let products = f32x4.splat(0);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      products = f32x4.add(products, f32x4.mul(v128.load(dy + j), v128.load(y + j)));
    }
    let sum = laneSum(products);
    for (; j < bytes; j += 4) sum += <f64>load<f32>(dy + j) * <f64>load<f32>(y + j);
    const mean = <f32>sum;
    const means = f32x4.splat(mean);
    for (j = 0; j + 16 <= bytes; j += 16) {
      v128.store(dx + j, f32x4.mul(v128.load(y + j), f32x4.sub(v128.load(dy + j), means)));
    }
    for (; j < bytes; j += 4) {
      store<f32>(dx + j, load<f32>(y + j) * (load<f32>(dy + j) - mean));
    }
  }
}
