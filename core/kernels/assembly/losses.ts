// Losses, forward and gradient in one pass. Each adds to three float64 totals at `totals`:
// [sum of the loss over examples, examples classified right, sum of squared errors].
import { exp, log } from './math';
import { laneSum } from './simd';

// @ts-ignore: decorator
@inline
function add(totals: usize, loss: f64, right: f64, squares: f64): void {
  store<f64>(totals, load<f64>(totals) + loss);
  store<f64>(totals, load<f64>(totals, 8) + right, 8);
  store<f64>(totals, load<f64>(totals, 16) + squares, 16);
}

/** The largest of z[count]; NaN if any is NaN. */
// @ts-ignore: decorator
@inline
function largest(count: u32, z: usize): f32 {
  let result: f32 = -Infinity;
  for (let j: u32 = 0; j < count; j++) result = max<f32>(result, load<f32>(z + <usize>(j << 2)));
  return result;
}

/** Index of the first largest value; a row with a NaN is classified as nothing. */
// @ts-ignore: decorator
@inline
function classified(count: u32, z: usize, top: f32): i32 {
  for (let j: u32 = 0; j < count; j++) {
    if (load<f32>(z + <usize>(j << 2)) == top) return j;
  }
  return -1;
}

/**
 * Softmax and cross-entropy: L = log Σ e^z − z_label, summed over rows;
 * dz[rows × classes] = (softmax(z) − onehot(label)) · scale, where `scale` is 1 / batch.
 */
export function softmaxCrossEntropy(
  rows: u32,
  classes: u32,
  scale: f32,
  z: usize,
  labels: usize,
  dz: usize,
  totals: usize,
): void {
  const bytes: usize = <usize>classes << 2;
  let loss: f64 = 0;
  let right: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const label = load<i32>(labels + <usize>(i << 2));
    const top = largest(classes, z);
    const shift = f32x4.splat(top);
    let sums = f32x4.splat(0);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const e = exp(f32x4.sub(v128.load(z + j), shift));
      v128.store(dz + j, e);
      sums = f32x4.add(sums, e);
    }
    let sum = laneSum(sums);
    for (; j < bytes; j += 4) {
      const e = f32x4.extract_lane(exp(f32x4.splat(load<f32>(z + j) - top)), 0);
      store<f32>(dz + j, e);
      sum += <f64>e;
    }
    const at = <usize>(label << 2);
    loss += log(sum) - (<f64>load<f32>(z + at) - <f64>top);
    if (classified(classes, z, top) == label) right += 1;
    const factor = <f32>(<f64>scale / sum);
    const factors = f32x4.splat(factor);
    for (j = 0; j + 16 <= bytes; j += 16) {
      v128.store(dz + j, f32x4.mul(v128.load(dz + j), factors));
    }
    for (; j < bytes; j += 4) store<f32>(dz + j, load<f32>(dz + j) * factor);
    store<f32>(dz + at, load<f32>(dz + at) - scale);
    z += bytes;
    dz += bytes;
  }
  add(totals, loss, right, 0);
}

/**
 * Mean squared error over the outputs of an example, summed over rows:
 * L = Σⱼ (yⱼ − tⱼ)² / outputs; dy = 2 (y − t) · scale / outputs, where `scale` is 1 / batch.
 */
export function meanSquaredError(
  rows: u32,
  outputs: u32,
  scale: f32,
  y: usize,
  targets: usize,
  dy: usize,
  totals: usize,
): void {
  const count = <usize>rows * outputs;
  const factor: f32 = (2 * scale) / <f32>outputs;
  let squares: f64 = 0;
  for (let j: usize = 0; j < count; j++) {
    const error = load<f32>(y + (j << 2)) - load<f32>(targets + (j << 2));
    squares += <f64>error * <f64>error;
    store<f32>(dy + (j << 2), error * factor);
  }
  add(totals, squares / <f64>outputs, 0, 0);
}

/** Adds Σ ((yⱼ − tⱼ) · unitⱼ)² to the totals: the squared errors in the targets' own units. */
export function addSquaredErrors(
  rows: u32,
  outputs: u32,
  y: usize,
  targets: usize,
  unit: usize,
  totals: usize,
): void {
  const bytes = <usize>outputs << 2;
  let squares: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: usize = 0; j < bytes; j += 4) {
      const error = <f64>(load<f32>(y + j) - load<f32>(targets + j)) * <f64>load<f32>(unit + j);
      squares += error * error;
    }
    y += bytes;
    targets += bytes;
  }
  add(totals, 0, 0, squares);
}

/** targets[rows × classes] = 1 at each row's label, else 0. */
export function oneHot(rows: u32, classes: u32, labels: usize, targets: usize): void {
  memory.fill(targets, 0, <usize>rows * classes * 4);
  for (let i: u32 = 0; i < rows; i++) {
    store<f32>(targets + (<usize>i * classes + load<i32>(labels + <usize>(i << 2))) * 4, 1);
  }
}

/** Adds to the totals how many rows have their largest output at their label. */
export function countRight(rows: u32, classes: u32, y: usize, labels: usize, totals: usize): void {
  let right: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    if (classified(classes, y, largest(classes, y)) == load<i32>(labels + <usize>(i << 2))) right += 1;
    y += <usize>classes << 2;
  }
  add(totals, 0, right, 0);
}
