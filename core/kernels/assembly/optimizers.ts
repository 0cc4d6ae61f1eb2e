// Update rules (PyTorch's), one pass over a parameter set of `count` floats. Each writes to `norms`,
// float64: [Σ w² before the update, Σ u²], u being the update really applied. L2 regularization adds
// λw to the gradient first. Buffers are padded with zeros to whole vectors; zeros stay zero.
import { laneSum, multiplyAdd } from './simd';

/** Floats summed in float32 before they are added to the float64 total: keeps long sums exact. */
const BLOCK: usize = 1024 * 4;

/**
 * v ← μ v + g; u = −α v, or with Nesterov u = −α (g + μ v); w ← w + u.
 */
export function sgd(
  count: u32,
  rate: f32,
  momentum: f32,
  nesterov: bool,
  l2: f32,
  w: usize,
  gradient: usize,
  velocity: usize,
  norms: usize,
): void {
  const alpha = f32x4.splat(-rate);
  const mu = f32x4.splat(momentum);
  const lambda = f32x4.splat(l2);
  let weightSum: f64 = 0;
  let updateSum: f64 = 0;
  const end = w + (<usize>count << 2);
  while (w < end) {
    const stop = min(w + BLOCK, end);
    let weights = f32x4.splat(0);
    let updates = f32x4.splat(0);
    for (; w < stop; w += 16, gradient += 16, velocity += 16) {
      const old = v128.load(w);
      const g = multiplyAdd(lambda, old, v128.load(gradient));
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
    }
    weightSum += laneSum(weights);
    updateSum += laneSum(updates);
  }
  store<f64>(norms, weightSum);
  store<f64>(norms, updateSum, 8);
}

/**
 * m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; u = −stepSize · m / (√v · rootScale + ε);
 * the caller puts the bias corrections into stepSize = α / (1 − β₁ᵗ), rootScale = 1 / √(1 − β₂ᵗ), and
 * gives rest = 1 − β rounded once: in float32 the difference would lose four digits.
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
  l2: f32,
  w: usize,
  gradient: usize,
  firstMoment: usize,
  secondMoment: usize,
  norms: usize,
): void {
  const alpha = f32x4.splat(-stepSize);
  const scale = f32x4.splat(rootScale);
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const r1 = f32x4.splat(rest1);
  const r2 = f32x4.splat(rest2);
  const eps = f32x4.splat(epsilon);
  const lambda = f32x4.splat(l2);
  let weightSum: f64 = 0;
  let updateSum: f64 = 0;
  const end = w + (<usize>count << 2);
  while (w < end) {
    const stop = min(w + BLOCK, end);
    let weights = f32x4.splat(0);
    let updates = f32x4.splat(0);
    for (; w < stop; w += 16, gradient += 16, firstMoment += 16, secondMoment += 16) {
      const old = v128.load(w);
      const g = multiplyAdd(lambda, old, v128.load(gradient));
      const m = multiplyAdd(b1, v128.load(firstMoment), f32x4.mul(r1, g));
      const v = multiplyAdd(b2, v128.load(secondMoment), f32x4.mul(r2, f32x4.mul(g, g)));
      v128.store(firstMoment, m);
      v128.store(secondMoment, v);
      const root = multiplyAdd(f32x4.sqrt(v), scale, eps);
      const u = f32x4.div(f32x4.mul(alpha, m), root);
      v128.store(w, f32x4.add(old, u));
      weights = multiplyAdd(old, old, weights);
      updates = multiplyAdd(u, u, updates);
    }
    weightSum += laneSum(weights);
    updateSum += laneSum(updates);
  }
  store<f64>(norms, weightSum);
  store<f64>(norms, updateSum, 8);
}
