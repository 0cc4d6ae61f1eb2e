// Update rules (PyTorch's), one pass over a parameter set of `count` floats. Each writes to `norms`,
// float64: [Σ w² before the update, Σ u², Σ |w| before it (0 without L1 and clipping)],
// u being the update. Buffers are padded with
// zeros to whole vectors; zeros stay zero.
import { laneSum, multiplyAdd } from './simd';

/** Floats summed in float32 before they are added to the float64 total: keeps long sums exact. */
const BLOCK: usize = 1024 * 4;

// The type argument Terms selects a variant at compile time: u64 with clipping and L1, u32 without, which is
// most of the time and takes half of it.

/** Whether neither clipping nor L1 is asked for. */
// @ts-ignore: decorator
@inline
function isPlain(l1: f32, limit: f32, scale: usize): bool {
  return l1 == 0 && limit == Infinity && scale == 0;
}

/**
 * What a rule follows: the gradient, clipped, and those of the penalties ½ λ₂ w² + λ₁ |w|;
 * clip(g) = min(max(scale · g, −limit), limit). NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
export function slope<Terms>(g: v128, w: v128, scale: v128, limit: v128, l1: v128, l2: v128): v128 {
  if (sizeof<Terms>() == 4) return multiplyAdd(l2, w, g);
  // The pseudo-minimum is one instruction, and gives its first operand where that is NaN.
  const clipped = f32x4.pmax(f32x4.pmin(f32x4.mul(scale, g), limit), f32x4.neg(limit));
  const zero = f32x4.splat(0);
  const sign = f32x4.sub(v128.and(f32x4.gt(w, zero), l1), v128.and(f32x4.lt(w, zero), l1));
  return multiplyAdd(l2, w, f32x4.add(clipped, sign));
}

/** The factor that an earlier op has left there; 1 where there is none. */
// @ts-ignore: decorator
@inline
export function scaleAt(scale: usize): v128 {
  return f32x4.splat(scale == 0 ? 1 : load<f32>(scale));
}

/** v ← μ v + g; u = −α v, or with Nesterov u = −α (g + μ v); w ← w + u. */
export function sgd(
  count: u32,
  rate: f32,
  momentum: f32,
  nesterov: bool,
  l1: f32,
  l2: f32,
  limit: f32,
  scale: usize,
  w: usize,
  gradient: usize,
  velocity: usize,
  norms: usize,
): void {
  if (isPlain(l1, limit, scale)) sgdWith<u32>(count, rate, momentum, nesterov, l1, l2, limit, scale, w, gradient, velocity, norms);
  else sgdWith<u64>(count, rate, momentum, nesterov, l1, l2, limit, scale, w, gradient, velocity, norms);
}

function sgdWith<Terms>(
  count: u32,
  rate: f32,
  momentum: f32,
  nesterov: bool,
  l1: f32,
  l2: f32,
  limit: f32,
  scale: usize,
  w: usize,
  gradient: usize,
  velocity: usize,
  norms: usize,
): void {
  const alpha = f32x4.splat(-rate);
  const mu = f32x4.splat(momentum);
  const lambda1 = f32x4.splat(l1);
  const lambda2 = f32x4.splat(l2);
  const bound = f32x4.splat(limit);
  const factor = scaleAt(scale);
  let weightSum: f64 = 0;
  let updateSum: f64 = 0;
  let sizeSum: f64 = 0;
  const end = w + (<usize>count << 2);
  while (w < end) {
    const stop = min(w + BLOCK, end);
    let weights = f32x4.splat(0);
    let updates = f32x4.splat(0);
    let sizes = f32x4.splat(0);
    for (; w < stop; w += 16, gradient += 16, velocity += 16) {
      const old = v128.load(w);
      const g = slope<Terms>(v128.load(gradient), old, factor, bound, lambda1, lambda2);
      let direction = g;
      if (momentum != 0) {
        const v = multiplyAdd(mu, v128.load(velocity), g);
        v128.store(velocity, v);
        direction = nesterov ? multiplyAdd(mu, v, g) : v;
      }
      const u = f32x4.mul(alpha, direction);
      v128.store(w, f32x4.add(old, u));
      weights = multiplyAdd(old, old, weights);
      updates = multiplyAdd(u, u, updates);
      if (sizeof<Terms>() == 8) sizes = f32x4.add(sizes, f32x4.abs(old));
    }
    weightSum += laneSum(weights);
    updateSum += laneSum(updates);
    sizeSum += laneSum(sizes);
  }
  store<f64>(norms, weightSum);
  store<f64>(norms, updateSum, 8);
  store<f64>(norms, sizeSum, 16);
}

/**
 * v ← keep · v + gain · g²; u = −α g / (√v + ε); w ← w + u. Adagrad keeps all and adds all; RMSProp
 * keeps ρ and adds 1 − ρ.
 */
export function rootScaled(
  count: u32,
  rate: f32,
  keep: f32,
  gain: f32,
  epsilon: f32,
  l1: f32,
  l2: f32,
  limit: f32,
  scale: usize,
  w: usize,
  gradient: usize,
  squares: usize,
  norms: usize,
): void {
  if (isPlain(l1, limit, scale)) rootScaledWith<u32>(count, rate, keep, gain, epsilon, l1, l2, limit, scale, w, gradient, squares, norms);
  else rootScaledWith<u64>(count, rate, keep, gain, epsilon, l1, l2, limit, scale, w, gradient, squares, norms);
}

function rootScaledWith<Terms>(
  count: u32,
  rate: f32,
  keep: f32,
  gain: f32,
  epsilon: f32,
  l1: f32,
  l2: f32,
  limit: f32,
  scale: usize,
  w: usize,
  gradient: usize,
  squares: usize,
  norms: usize,
): void {
  const alpha = f32x4.splat(-rate);
  const kept = f32x4.splat(keep);
  const gained = f32x4.splat(gain);
  const eps = f32x4.splat(epsilon);
  const lambda1 = f32x4.splat(l1);
  const lambda2 = f32x4.splat(l2);
  const bound = f32x4.splat(limit);
  const factor = scaleAt(scale);
  let weightSum: f64 = 0;
  let updateSum: f64 = 0;
  let sizeSum: f64 = 0;
  const end = w + (<usize>count << 2);
  while (w < end) {
    const stop = min(w + BLOCK, end);
    let weights = f32x4.splat(0);
    let updates = f32x4.splat(0);
    let sizes = f32x4.splat(0);
    for (; w < stop; w += 16, gradient += 16, squares += 16) {
      const old = v128.load(w);
      const g = slope<Terms>(v128.load(gradient), old, factor, bound, lambda1, lambda2);
      const v = multiplyAdd(kept, v128.load(squares), f32x4.mul(gained, f32x4.mul(g, g)));
      v128.store(squares, v);
      const u = f32x4.div(f32x4.mul(alpha, g), f32x4.add(f32x4.sqrt(v), eps));
      v128.store(w, f32x4.add(old, u));
      weights = multiplyAdd(old, old, weights);
      updates = multiplyAdd(u, u, updates);
      if (sizeof<Terms>() == 8) sizes = f32x4.add(sizes, f32x4.abs(old));
    }
    weightSum += laneSum(weights);
    updateSum += laneSum(updates);
    sizeSum += laneSum(sizes);
  }
  store<f64>(norms, weightSum);
  store<f64>(norms, updateSum, 8);
  store<f64>(norms, sizeSum, 16);
}

/**
 * m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; u = −stepSize · m / (√v · rootScale + ε) − decay · w;
 * the caller puts the bias corrections into stepSize = α / (1 − β₁ᵗ), rootScale = 1 / √(1 − β₂ᵗ), and
 * gives rest = 1 − β rounded once: in float32 the difference would lose four digits. `decay` is AdamW's
 * rate times its weight decay, else 0.
 */
export function adam(
  count: u32,
  stepSize: f32,
  rootScale: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  epsilon: f32,
  decay: f32,
  l1: f32,
  l2: f32,
  limit: f32,
  scale: usize,
  w: usize,
  gradient: usize,
  firstMoment: usize,
  secondMoment: usize,
  norms: usize,
): void {
  if (isPlain(l1, limit, scale)) adamWith<u32>(count, stepSize, rootScale, beta1, beta2, rest1, rest2, epsilon, decay, l1, l2, limit, scale, w, gradient, firstMoment, secondMoment, norms);
  else adamWith<u64>(count, stepSize, rootScale, beta1, beta2, rest1, rest2, epsilon, decay, l1, l2, limit, scale, w, gradient, firstMoment, secondMoment, norms);
}

function adamWith<Terms>(
  count: u32,
  stepSize: f32,
  rootScale: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  epsilon: f32,
  decay: f32,
  l1: f32,
  l2: f32,
  limit: f32,
  scale: usize,
  w: usize,
  gradient: usize,
  firstMoment: usize,
  secondMoment: usize,
  norms: usize,
): void {
  const alpha = f32x4.splat(-stepSize);
  const root = f32x4.splat(rootScale);
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const r1 = f32x4.splat(rest1);
  const r2 = f32x4.splat(rest2);
  const eps = f32x4.splat(epsilon);
  const shrink = f32x4.splat(-decay);
  const lambda1 = f32x4.splat(l1);
  const lambda2 = f32x4.splat(l2);
  const bound = f32x4.splat(limit);
  const factor = scaleAt(scale);
  let weightSum: f64 = 0;
  let updateSum: f64 = 0;
  let sizeSum: f64 = 0;
  const end = w + (<usize>count << 2);
  while (w < end) {
    const stop = min(w + BLOCK, end);
    let weights = f32x4.splat(0);
    let updates = f32x4.splat(0);
    let sizes = f32x4.splat(0);
    for (; w < stop; w += 16, gradient += 16, firstMoment += 16, secondMoment += 16) {
      const old = v128.load(w);
      const g = slope<Terms>(v128.load(gradient), old, factor, bound, lambda1, lambda2);
      const m = multiplyAdd(b1, v128.load(firstMoment), f32x4.mul(r1, g));
      const v = multiplyAdd(b2, v128.load(secondMoment), f32x4.mul(r2, f32x4.mul(g, g)));
      v128.store(firstMoment, m);
      v128.store(secondMoment, v);
      const below = multiplyAdd(f32x4.sqrt(v), root, eps);
      const u = multiplyAdd(shrink, old, f32x4.div(f32x4.mul(alpha, m), below));
      v128.store(w, f32x4.add(old, u));
      weights = multiplyAdd(old, old, weights);
      updates = multiplyAdd(u, u, updates);
      if (sizeof<Terms>() == 8) sizes = f32x4.add(sizes, f32x4.abs(old));
    }
    weightSum += laneSum(weights);
    updateSum += laneSum(updates);
    sizeSum += laneSum(sizes);
  }
  store<f64>(norms, weightSum);
  store<f64>(norms, updateSum, 8);
  store<f64>(norms, sizeSum, 16);
}
