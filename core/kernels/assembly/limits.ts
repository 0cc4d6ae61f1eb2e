// What keeps gradients and weights within bounds.
import { laneSum, multiplyAdd } from './simd';

/** Floats summed in float32 before they are added to the float64 total. */
const BLOCK: usize = 1024 * 4;

/** to (float64) = Σ x² */
export function sumSquares(count: u32, x: usize, to: usize): void {
  let sum: f64 = 0;
  const end = x + (<usize>count << 2);
  while (x < end) {
    const stop = min(x + BLOCK, end);
    let squares = f32x4.splat(0);
    for (; x < stop; x += 16) {
      const v = v128.load(x);
      squares = multiplyAdd(v, v, squares);
    }
    sum += laneSum(squares);
  }
  store<f64>(to, sum);
}

/**
 * to (float32) = min(1, largest / (√Σ squares + 1e-6)), the factor that brings a vector to a norm of
 * at most `largest`; NaN if the sum is. squares[count] in float64.
 */
export function scaleToNorm(count: u32, largest: f64, squares: usize, to: usize): void {
  let sum: f64 = 0;
  for (let i: u32 = 0; i < count; i++) sum += load<f64>(squares + (<usize>i << 3));
  store<f32>(to, <f32>min<f64>(1, largest / (sqrt(sum) + 1e-6)));
}

/**
 * Shortens each of `count` columns of w[rows × columns], from the one at `w` on, to a norm of at most
 * `largest`.
 */
export function limitColumns(rows: u32, columns: u32, count: u32, largest: f64, w: usize): void {
  const stride = <usize>columns << 2;
  const end = w + stride * rows;
  for (let j: u32 = 0; j < count; j++, w += 4) {
    let squares: f64 = 0;
    for (let at = w; at < end; at += stride) {
      const value = <f64>load<f32>(at);
      squares += value * value;
    }
    const norm = sqrt(squares);
    if (norm <= largest) continue;
    const factor = <f32>(largest / norm);
    for (let at = w; at < end; at += stride) store<f32>(at, load<f32>(at) * factor);
  }
}
