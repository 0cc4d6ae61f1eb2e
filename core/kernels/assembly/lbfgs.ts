// L-BFGS (Nocedal and Wright 2006, algorithm 7.4), with PyTorch's thresholds: all parameters are one
// vector, cut into parts; between the passes over them, single calls add up what the parts have summed.
//
// Of each part, tensors of `stride` bytes, one after another:
//   [g, the gradient of the step before | d, in which a direction becomes the step | s₀ | y₀ | s₁ | y₁ …]
// For all parts, `memory` being the most pairs (s, y) that are kept:
//   history, float32: [begun, pairs, newest, scale yᵀs / yᵀy, then of each pair ρ = 1 / yᵀs]
//   work, float64: [still, taken, length, factor, then of each pair α], anew in each step
import { slope, scaleAt } from './optimizers';
import { laneSum, multiplyAdd } from './simd';

/** Floats summed in float32 before they are added to the float64 total. */
const BLOCK: usize = 1024 * 4;

/** A gradient this small is that of a minimum: the step is left out. */
const SMALLEST_GRADIENT: f64 = 1e-7;
/** Pairs with less curvature would spoil the direction. */
const LEAST_CURVATURE: f64 = 1e-10;
/** A direction that leads down less is not followed. */
const LEAST_DESCENT: f64 = 1e-9;

const PAIRS: usize = 4;
const NEWEST: usize = 8;
const SCALE: usize = 12;
const RHO: usize = 16;

const STILL: usize = 0;
const TAKEN: usize = 8;
const LENGTH: usize = 16;
const FACTOR: usize = 24;
const ALPHA: usize = 32;

/** s of a pair; its y is a stride further. */
// @ts-ignore: decorator
@inline
function pairAt(pair: u32, tensors: usize, stride: usize): usize {
  return tensors + (2 + 2 * <usize>pair) * stride;
}

/** The pair that is so many pairs older than the newest. */
// @ts-ignore: decorator
@inline
function older(history: usize, memory: u32, age: u32): u32 {
  return (<u32>load<f32>(history, NEWEST) + memory - age) % memory;
}

/**
 * sums (float64) = [Σ |g|, max |g|, Σ y d, Σ y²] of a part, g being the gradient with clipping and
 * penalties, y = g − the one before, d the step before.
 */
export function lbfgsMeasure(
  count: u32,
  l1: f32,
  l2: f32,
  limit: f32,
  scale: usize,
  w: usize,
  gradient: usize,
  tensors: usize,
  stride: usize,
  sums: usize,
): void {
  const lambda1 = f32x4.splat(l1);
  const lambda2 = f32x4.splat(l2);
  const bound = f32x4.splat(limit);
  const factor = scaleAt(scale);
  let most = f32x4.splat(0);
  let sizeSum: f64 = 0;
  let curvatureSum: f64 = 0;
  let squareSum: f64 = 0;
  let before = tensors;
  const end = w + (<usize>count << 2);
  while (w < end) {
    const stop = min(w + BLOCK, end);
    let sizes = f32x4.splat(0);
    let curvatures = f32x4.splat(0);
    let squares = f32x4.splat(0);
    for (; w < stop; w += 16, gradient += 16, before += 16) {
      const g = slope<u64>(v128.load(gradient), v128.load(w), factor, bound, lambda1, lambda2);
      const y = f32x4.sub(g, v128.load(before));
      const size = f32x4.abs(g);
      most = f32x4.max(most, size);
      sizes = f32x4.add(sizes, size);
      curvatures = multiplyAdd(y, v128.load(before + stride), curvatures);
      squares = multiplyAdd(y, y, squares);
    }
    sizeSum += laneSum(sizes);
    curvatureSum += laneSum(curvatures);
    squareSum += laneSum(squares);
  }
  store<f64>(sums, sizeSum);
  store<f64>(
    sums,
    max<f64>(
      max<f64>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max<f64>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    ),
    8,
  );
  store<f64>(sums, curvatureSum, 16);
  store<f64>(sums, squareSum, 24);
}

/**
 * Decides from the sums of all parts whether there is a step, whether the last one makes a pair, which
 * then takes the place of the oldest, and how long the step is: the first one min(1, 1 / ‖g‖₁) of
 * the rate.
 */
export function lbfgsBegin(
  parts: u32,
  rate: f64,
  memory: u32,
  history: usize,
  work: usize,
  sums: usize,
): void {
  let size: f64 = 0;
  let most: f64 = 0;
  let curvature: f64 = 0;
  let squares: f64 = 0;
  for (let part: u32 = 0; part < parts; part++, sums += 32) {
    size += load<f64>(sums);
    most = max<f64>(most, load<f64>(sums, 8));
    curvature += load<f64>(sums, 16);
    squares += load<f64>(sums, 24);
  }
  const still = most <= SMALLEST_GRADIENT;
  const taken = !still && curvature > LEAST_CURVATURE;
  store<f64>(work, still ? 1 : 0, STILL);
  store<f64>(work, taken ? 1 : 0, TAKEN);
  if (still) return;
  store<f64>(work, load<f32>(history) == 0 ? min<f64>(1, 1 / size) * rate : rate, LENGTH);
  store<f32>(history, 1);
  if (!taken) return;
  const pairs = <u32>load<f32>(history, PAIRS);
  const newest = pairs == 0 ? 0 : (<u32>load<f32>(history, NEWEST) + 1) % memory;
  store<f32>(history, <f32>min<u32>(pairs + 1, memory), PAIRS);
  store<f32>(history, <f32>newest, NEWEST);
  store<f32>(history, <f32>(curvature / squares), SCALE);
  store<f32>(history + (<usize>newest << 2), <f32>(1 / curvature), RHO);
}

/** Keeps the pair, if it was taken, and the gradient of a part; its direction begins as d = −g. */
export function lbfgsKeep(
  count: u32,
  l1: f32,
  l2: f32,
  limit: f32,
  scale: usize,
  w: usize,
  gradient: usize,
  tensors: usize,
  stride: usize,
  history: usize,
  work: usize,
): void {
  if (load<f64>(work, STILL) != 0) return;
  const taken = load<f64>(work, TAKEN) != 0;
  const lambda1 = f32x4.splat(l1);
  const lambda2 = f32x4.splat(l2);
  const bound = f32x4.splat(limit);
  const factor = scaleAt(scale);
  let s = pairAt(<u32>load<f32>(history, NEWEST), tensors, stride);
  let before = tensors;
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, gradient += 16, before += 16, s += 16) {
    const g = slope<u64>(v128.load(gradient), v128.load(w), factor, bound, lambda1, lambda2);
    if (taken) {
      v128.store(s, v128.load(before + stride));
      v128.store(s + stride, f32x4.sub(g, v128.load(before)));
    }
    v128.store(before, g);
    v128.store(before + stride, f32x4.neg(g));
  }
}

/**
 * Turn `turn` of the two loops, for a part: d ← d + factor · x, which ends the turn before, and
 * sum (float64) = Σ z d, from which `lbfgsFactor` finds the next factor. With n pairs:
 *
 *     turn       x                 z
 *     0          nothing           s of the newest
 *     1 … n−1    y of the newest,  s of the one before it, and so on to the oldest
 *     n          y of the oldest   y of the oldest; between the two d ← scale · d
 *     n+1 … 2n−1 s of the oldest,  y of the one after it, and so on to the newest
 *     2n         s of the newest   g
 *
 * Without pairs, turn 0 measures g. Turns beyond 2n do nothing.
 */
export function lbfgsTurn(
  turn: u32,
  count: u32,
  tensors: usize,
  stride: usize,
  memory: u32,
  history: usize,
  work: usize,
  sum: usize,
): void {
  const pairs = <u32>load<f32>(history, PAIRS);
  if (load<f64>(work, STILL) != 0 || turn > 2 * pairs) return;
  const factor = f32x4.splat(turn == 0 ? 0 : <f32>load<f64>(work, FACTOR));
  const scale = f32x4.splat(turn == pairs && pairs > 0 ? load<f32>(history, SCALE) : 1);
  // Without a factor x is not used, whatever it is.
  let x = tensors;
  if (turn > pairs) x = pairAt(older(history, memory, 2 * pairs - turn), tensors, stride);
  else if (turn > 0) x = pairAt(older(history, memory, turn - 1), tensors, stride) + stride;
  let z = tensors;
  if (turn < pairs) z = pairAt(older(history, memory, turn), tensors, stride);
  else if (turn < 2 * pairs) {
    z = pairAt(older(history, memory, 2 * pairs - 1 - turn), tensors, stride) + stride;
  }
  let d = tensors + stride;
  let total: f64 = 0;
  const end = d + (<usize>count << 2);
  while (d < end) {
    const stop = min(d + BLOCK, end);
    let products = f32x4.splat(0);
    for (; d < stop; d += 16, x += 16, z += 16) {
      let direction = v128.load(d);
      if (turn > 0) {
        direction = f32x4.mul(scale, multiplyAdd(factor, v128.load(x), direction));
        v128.store(d, direction);
      }
      products = multiplyAdd(v128.load(z), direction, products);
    }
    total += laneSum(products);
  }
  store<f64>(sum, total);
}

/**
 * What turn `turn` has found: α = ρ sᵀd on the way to the oldest pair, where the factor of y is −α;
 * β = ρ yᵀd on the way back, where that of s is α − β; at the end the slope gᵀd, which makes the
 * step none if it does not lead down.
 */
export function lbfgsFactor(
  turn: u32,
  parts: u32,
  memory: u32,
  history: usize,
  work: usize,
  sums: usize,
): void {
  const pairs = <u32>load<f32>(history, PAIRS);
  if (load<f64>(work, STILL) != 0 || turn > 2 * pairs) return;
  let product: f64 = 0;
  for (let part: u32 = 0; part < parts; part++) product += load<f64>(sums + (<usize>part << 3));
  if (turn == 2 * pairs) {
    if (product > -LEAST_DESCENT) store<f64>(work, 0, LENGTH);
    return;
  }
  const pair = older(history, memory, turn < pairs ? turn : 2 * pairs - 1 - turn);
  const share = product * <f64>load<f32>(history + (<usize>pair << 2), RHO);
  const alpha = work + ALPHA + (<usize>pair << 3);
  if (turn < pairs) {
    store<f64>(alpha, share);
    store<f64>(work, -share, FACTOR);
  } else {
    store<f64>(work, load<f64>(alpha) - share, FACTOR);
  }
}

/**
 * d ← length · d, the step; w ← w + d. Writes to `norms`, float64: [Σ w² before it, Σ d², Σ |w| before
 * it].
 */
export function lbfgsStep(
  count: u32,
  w: usize,
  tensors: usize,
  stride: usize,
  work: usize,
  norms: usize,
): void {
  const still = load<f64>(work, STILL) != 0;
  const length: f32 = still ? 0 : <f32>load<f64>(work, LENGTH);
  const lengths = f32x4.splat(length);
  let d = tensors + stride;
  let weightSum: f64 = 0;
  let updateSum: f64 = 0;
  let sizeSum: f64 = 0;
  const end = w + (<usize>count << 2);
  while (w < end) {
    const stop = min(w + BLOCK, end);
    let weights = f32x4.splat(0);
    let updates = f32x4.splat(0);
    let sizes = f32x4.splat(0);
    for (; w < stop; w += 16, d += 16) {
      const old = v128.load(w);
      weights = multiplyAdd(old, old, weights);
      sizes = f32x4.add(sizes, f32x4.abs(old));
      // A minimum leaves all as it is, the step before too.
      if (still) continue;
      const u = length == 0 ? f32x4.splat(0) : f32x4.mul(lengths, v128.load(d));
      v128.store(d, u);
      v128.store(w, f32x4.add(old, u));
      updates = multiplyAdd(u, u, updates);
    }
    weightSum += laneSum(weights);
    updateSum += laneSum(updates);
    sizeSum += laneSum(sizes);
  }
  store<f64>(norms, weightSum);
  store<f64>(norms, updateSum, 8);
  store<f64>(norms, sizeSum, 16);
}
