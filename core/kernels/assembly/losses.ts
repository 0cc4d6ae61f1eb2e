// Losses, forward and gradient in one pass. Each adds to four float64 totals at `totals`: [sum of the
// loss over examples, examples classified right, sum of squared errors, sum of the examples' weights].
import { exp, log, log1pUnit } from './math';
import { laneSum } from './simd';

// @ts-ignore: decorator
@inline
function add(totals: usize, loss: f64, right: f64, squares: f64, weight: f64): void {
  store<f64>(totals, load<f64>(totals) + loss);
  store<f64>(totals, load<f64>(totals, 8) + right, 8);
  store<f64>(totals, load<f64>(totals, 16) + squares, 16);
  store<f64>(totals, load<f64>(totals, 24) + weight, 24);
}

/** Lanes 2 and 3, in float64; `f64x2.promote_low_f32x4` has the others. */
// @ts-ignore: decorator
@inline
function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

// @ts-ignore: decorator
@inline
function pairSum(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
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

/** y = e^(z − top) of z[bytes / 4]; gives their sum. */
// @ts-ignore: decorator
@inline
function exponentials(bytes: usize, top: f32, z: usize, y: usize): f64 {
  const shift = f32x4.splat(top);
  let sums = f32x4.splat(0);
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    const e = exp(f32x4.sub(v128.load(z + j), shift));
    v128.store(y + j, e);
    sums = f32x4.add(sums, e);
  }
  let sum = laneSum(sums);
  for (; j < bytes; j += 4) {
    const e = f32x4.extract_lane(exp(f32x4.splat(load<f32>(z + j) - top)), 0);
    store<f32>(y + j, e);
    sum += <f64>e;
  }
  return sum;
}

/** y ← y · factor, of y[bytes / 4]. */
// @ts-ignore: decorator
@inline
function scaleBy(bytes: usize, factor: f32, y: usize): void {
  const factors = f32x4.splat(factor);
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) v128.store(y + j, f32x4.mul(v128.load(y + j), factors));
  for (; j < bytes; j += 4) store<f32>(y + j, load<f32>(y + j) * factor);
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
    const sum = exponentials(bytes, top, z, dz);
    const at = <usize>(label << 2);
    loss += log(sum) - (<f64>load<f32>(z + at) - <f64>top);
    if (classified(classes, z, top) == label) right += 1;
    scaleBy(bytes, <f32>(<f64>scale / sum), dz);
    store<f32>(dz + at, load<f32>(dz + at) - scale);
    z += bytes;
    dz += bytes;
  }
  add(totals, loss, right, 0, rows);
}

/**
 * The same with class weights w (float64) and label smoothing ε (Szegedy et al. 2016, section 7):
 * of the target's 1, ε is spread over all classes alike, q = (1 − ε) onehot(label) + ε / classes, and
 * L = −Σⱼ wⱼ qⱼ log softmax(z)ⱼ, summed over rows. An example weighs w_label in the mean, as in PyTorch:
 * dzₖ = (softmax(z)ₖ Σⱼ wⱼ qⱼ − wₖ qₖ) / W, where W is the sum of the weights of the rows.
 */
export function weightedCrossEntropy(
  rows: u32,
  classes: u32,
  smoothing: f64,
  z: usize,
  labels: usize,
  weights: usize,
  dz: usize,
  totals: usize,
): void {
  const bytes: usize = <usize>classes << 2;
  const share = smoothing / <f64>classes;
  let sumOfWeights: f64 = 0;
  for (let j: u32 = 0; j < classes; j++) sumOfWeights += load<f64>(weights + (<usize>j << 3));
  let total: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) total += weightOf(i, labels, weights);
  let loss: f64 = 0;
  let right: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const label = load<i32>(labels + <usize>(i << 2));
    const top = largest(classes, z);
    const sum = exponentials(bytes, top, z, dz);
    const logSum = log(sum);
    const at = <usize>(label << 2);
    const hard = (1 - smoothing) * weightOf(i, labels, weights);
    loss += hard * (logSum - (<f64>load<f32>(z + at) - <f64>top));
    if (classified(classes, z, top) == label) right += 1;
    scaleBy(bytes, <f32>((hard + share * sumOfWeights) / total / sum), dz);
    store<f32>(dz + at, load<f32>(dz + at) - <f32>(hard / total));
    if (share != 0) {
      loss += spread(bytes, share, logSum, <f64>top, z, weights);
      subtract(bytes, share / total, weights, dz);
    }
    z += bytes;
    dz += bytes;
  }
  add(totals, loss, right, 0, total);
}

/** Σⱼ share · wⱼ (logSum − (zⱼ − top)) of z[bytes / 4]. */
// @ts-ignore: decorator
@inline
function spread(bytes: usize, share: f64, logSum: f64, top: f64, z: usize, weights: usize): f64 {
  const tops = f64x2.splat(top);
  const logSums = f64x2.splat(logSum);
  let sums = f64x2.splat(0);
  let j: usize = 0;
  for (; j + 8 <= bytes; j += 8) {
    const below = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(z + j)), tops);
    const weighted = f64x2.mul(v128.load(weights + (j << 1)), f64x2.sub(logSums, below));
    sums = f64x2.add(sums, weighted);
  }
  let sum = pairSum(sums);
  for (; j < bytes; j += 4) {
    sum += load<f64>(weights + (j << 1)) * (logSum - (<f64>load<f32>(z + j) - top));
  }
  return share * sum;
}

/** dz ← dz − factor · w, of dz[bytes / 4]. */
// @ts-ignore: decorator
@inline
function subtract(bytes: usize, factor: f64, weights: usize, dz: usize): void {
  const factors = f64x2.splat(factor);
  let j: usize = 0;
  for (; j + 8 <= bytes; j += 8) {
    const w = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(weights + (j << 1)), factors));
    v128.store64_lane(dz + j, f32x4.sub(v128.load64_zero(dz + j), w), 0);
  }
  for (; j < bytes; j += 4) {
    store<f32>(dz + j, load<f32>(dz + j) - <f32>(load<f64>(weights + (j << 1)) * factor));
  }
}

/** The weight of row i's class. */
// @ts-ignore: decorator
@inline
function weightOf(i: u32, labels: usize, weights: usize): f64 {
  return load<f64>(weights + (<usize>load<i32>(labels + (<usize>i << 2)) << 3));
}

/**
 * Distillation (Hinton, Vinyals and Dean 2015): L = T² Σⱼ pⱼ (log pⱼ − log qⱼ), q = softmax(z / T), summed
 * over rows; p[rows × classes] are probabilities. dz = T (q − p) · scale, where `scale` is 1 / batch.
 */
export function distillation(
  rows: u32,
  classes: u32,
  temperature: f32,
  scale: f32,
  z: usize,
  targets: usize,
  labels: usize,
  dz: usize,
  totals: usize,
): void {
  const bytes: usize = <usize>classes << 2;
  const factor = temperature * scale;
  let loss: f64 = 0;
  let right: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const top = largest(classes, z);
    // Σ p log p − Σ p (z − top) / T, to which log Σ e^((z − top) / T) is added.
    let distance: f64 = 0;
    for (let j: usize = 0; j < bytes; j += 4) {
      const cooled = (load<f32>(z + j) - top) / temperature;
      const p = <f64>load<f32>(targets + j);
      if (p != 0) distance += p * (log(p) - <f64>cooled);
      store<f32>(dz + j, cooled);
    }
    const sum = exponentials(bytes, 0, dz, dz);
    loss += distance + log(sum);
    if (classified(classes, z, top) == load<i32>(labels + <usize>(i << 2))) right += 1;
    const share = <f32>(<f64>factor / sum);
    for (let j: usize = 0; j < bytes; j += 4) {
      store<f32>(dz + j, load<f32>(dz + j) * share - load<f32>(targets + j) * factor);
    }
    z += bytes;
    dz += bytes;
    targets += bytes;
  }
  add(totals, <f64>temperature * <f64>temperature * loss, right, 0, rows);
}

/**
 * Huber's loss (1964) of the error e = y − t, the mean over the outputs of an example, summed over rows:
 * ½e² where |e| ≤ δ, δ(|e| − ½δ) beyond. Both are c (e − ½c), where c is e kept within ±δ, and the
 * derivative is c. All this times `height`: 2, with an infinite δ, makes it the squared error.
 * dy = height · c · scale / outputs; `scale` is 1 / batch.
 */
export function huber(
  rows: u32,
  outputs: u32,
  delta: f32,
  height: f32,
  scale: f32,
  y: usize,
  targets: usize,
  dy: usize,
  totals: usize,
): void {
  const bytes = (<usize>rows * outputs) << 2;
  const factor: f32 = (height * scale) / <f32>outputs;
  const factors = f32x4.splat(factor);
  const low = f32x4.splat(-delta);
  const high = f32x4.splat(delta);
  const half = f64x2.splat(0.5);
  let sums = f64x2.splat(0);
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    const e = f32x4.sub(v128.load(y + j), v128.load(targets + j));
    const c = f32x4.max(f32x4.min(e, high), low);
    v128.store(dy + j, f32x4.mul(c, factors));
    const c0 = f64x2.promote_low_f32x4(c);
    const c1 = promoteHigh(c);
    const e0 = f64x2.sub(f64x2.promote_low_f32x4(e), f64x2.mul(c0, half));
    const e1 = f64x2.sub(promoteHigh(e), f64x2.mul(c1, half));
    sums = f64x2.add(sums, f64x2.add(f64x2.mul(c0, e0), f64x2.mul(c1, e1)));
  }
  let sum = pairSum(sums);
  for (; j < bytes; j += 4) {
    const e = load<f32>(y + j) - load<f32>(targets + j);
    const c = max<f32>(min<f32>(e, delta), -delta);
    store<f32>(dy + j, c * factor);
    sum += <f64>c * (<f64>e - 0.5 * <f64>c);
  }
  add(totals, (<f64>height * sum) / <f64>outputs, 0, 0, rows);
}

/**
 * Cross-entropy of sigmoids with targets t of 0 or 1, the mean over the outputs of an example, summed
 * over rows: L = −log σ(z) where t is 1, −log(1 − σ(z)) where it is 0. Both are log(1 + e^s), where s
 * is z with the sign ± = 1 − 2t, and the derivative is ±σ(s): no overflow and no cancellation.
 * dz = ±σ(s) · scale / outputs; `scale` is 1 / batch.
 */
export function binaryCrossEntropy(
  rows: u32,
  outputs: u32,
  scale: f32,
  z: usize,
  targets: usize,
  dz: usize,
  totals: usize,
): void {
  const bytes = (<usize>rows * outputs) << 2;
  const factor: f32 = scale / <f32>outputs;
  let sums = f64x2.splat(0);
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    const sign = signs(v128.load(targets + j));
    const s = f32x4.mul(v128.load(z + j), sign);
    const e = exp(f32x4.neg(f32x4.abs(s)));
    v128.store(dz + j, f32x4.mul(sigmoidOf(s, e), f32x4.mul(sign, f32x4.splat(factor))));
    const l = softplusOf(s, e);
    sums = f64x2.add(sums, f64x2.add(f64x2.promote_low_f32x4(l), promoteHigh(l)));
  }
  let sum = pairSum(sums);
  for (; j < bytes; j += 4) {
    const sign = signs(v128.load32_splat(targets + j));
    const s = f32x4.mul(v128.load32_splat(z + j), sign);
    const e = exp(f32x4.neg(f32x4.abs(s)));
    const d = f32x4.mul(sigmoidOf(s, e), f32x4.mul(sign, f32x4.splat(factor)));
    store<f32>(dz + j, f32x4.extract_lane(d, 0));
    sum += <f64>f32x4.extract_lane(softplusOf(s, e), 0);
  }
  add(totals, sum / <f64>outputs, 0, 0, rows);
}

/** 1 − 2t */
// @ts-ignore: decorator
@inline
function signs(t: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.add(t, t));
}

/** σ(s) from e = e^−|s|. */
// @ts-ignore: decorator
@inline
function sigmoidOf(s: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(s, f32x4.splat(0))), f32x4.add(one, e));
}

/** log(1 + e^s) from e = e^−|s|. */
// @ts-ignore: decorator
@inline
function softplusOf(s: v128, e: v128): v128 {
  return f32x4.add(f32x4.max(s, f32x4.splat(0)), log1pUnit(e));
}

/**
 * Hinge loss of Weston and Watkins (1999), margin 1: L = Σ_{j ≠ label} max(0, 1 + zⱼ − z_label), summed
 * over rows. dzⱼ = scale where a margin is not kept, else 0, and dz_label = −Σ of these; `scale` is
 * 1 / batch.
 */
export function hinge(
  rows: u32,
  classes: u32,
  scale: f32,
  z: usize,
  labels: usize,
  dz: usize,
  totals: usize,
): void {
  const bytes: usize = <usize>classes << 2;
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  let loss: f64 = 0;
  for (let i: u32 = 0; i < rows; i++, z += bytes, dz += bytes) {
    const label = load<i32>(labels + <usize>(i << 2));
    const at = <usize>(label << 2);
    const own = load<f32>(z + at);
    const owns = f32x4.splat(own);
    const labels4 = i32x4.splat(label);
    let index = i32x4(0, 1, 2, 3);
    let sums = f64x2.splat(0);
    let missed = zero;
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16, index = i32x4.add(index, i32x4.splat(4))) {
      const margin = f32x4.max(f32x4.add(f32x4.sub(v128.load(z + j), owns), one), zero);
      const excess = v128.andnot(margin, i32x4.eq(index, labels4));
      // What is not above 0 is 0 or NaN, which stays.
      const step = v128.bitselect(one, excess, f32x4.gt(excess, zero));
      v128.store(dz + j, f32x4.mul(step, f32x4.splat(scale)));
      missed = f32x4.add(missed, step);
      sums = f64x2.add(sums, f64x2.add(f64x2.promote_low_f32x4(excess), promoteHigh(excess)));
    }
    let sum = pairSum(sums);
    let count = laneSum(missed);
    for (; j < bytes; j += 4) {
      const excess: f32 = j == at ? 0 : max<f32>(load<f32>(z + j) - own + 1, 0);
      const step: f32 = excess > 0 ? 1 : excess;
      store<f32>(dz + j, step * scale);
      count += <f64>step;
      sum += <f64>excess;
    }
    store<f32>(dz + at, <f32>(-count * <f64>scale));
    loss += sum;
  }
  add(totals, loss, 0, 0, rows);
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
  add(totals, 0, 0, squares, 0);
}

/**
 * targets[rows × outputs] = 1 at each row's label, else 0. One output is for two classes: its target is
 * the label.
 */
export function oneHot(rows: u32, outputs: u32, labels: usize, targets: usize): void {
  memory.fill(targets, 0, <usize>rows * outputs * 4);
  for (let i: u32 = 0; i < rows; i++) {
    const label = load<i32>(labels + <usize>(i << 2));
    if (outputs == 1) store<f32>(targets + (<usize>i << 2), <f32>label);
    else store<f32>(targets + (<usize>i * outputs + label) * 4, 1);
  }
}

/**
 * Adds to the totals how many rows have their largest output at their label. One output is for two
 * classes: the second where it is above 0, else the first.
 */
export function countRight(rows: u32, outputs: u32, y: usize, labels: usize, totals: usize): void {
  let right: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const top = largest(outputs, y);
    let found = classified(outputs, y, top);
    if (outputs == 1 && top > 0) found = 1;
    if (found == load<i32>(labels + <usize>(i << 2))) right += 1;
    y += <usize>outputs << 2;
  }
  add(totals, 0, right, 0, 0);
}
