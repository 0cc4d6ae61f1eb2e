// Smooth elementwise nonlinearities over `count` floats, forward and backward side by side. Buffers are
// padded to whole vectors. Where the derivative cannot be had from y, backward reads x.
import { bell, exp, expm1, log1pUnit, normalDistribution, sigmoid } from './math';

/** x within ±limit, where the function has long met its asymptote: there ∞ · 0 would be NaN. A NaN stays. */
// @ts-ignore: decorator
@inline
function within(x: v128, limit: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(limit)), f32x4.splat(-limit));
}

/** y = x Φ(x), with Φ the normal distribution (Hendrycks and Gimpel 2016, exact); −∞ gives −0. */
export function geluForward(count: u32, x: usize, y: usize): void {
  const least = f32x4.splat(-20);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    const v = f32x4.pmax(v128.load(x), least);
    const near = within(v, 20);
    v128.store(y, f32x4.mul(v, normalDistribution(near, bell(near))));
  }
}

/** dx = dy (Φ(x) + x φ(x)), with φ(x) = e^(−x²/2) / √(2π). */
export function geluBackward(count: u32, x: usize, dy: usize, dx: usize): void {
  const density = f32x4.splat(0.3989422804014327);
  for (const end = x + (<usize>count << 2); x < end; x += 16, dy += 16, dx += 16) {
    const v = within(v128.load(x), 20);
    const tail = bell(v);
    const slope = f32x4.add(
      normalDistribution(v, tail),
      f32x4.mul(f32x4.mul(v, tail), density),
    );
    v128.store(dx, f32x4.mul(v128.load(dy), slope));
  }
}

/** y = x σ(x); −∞ gives −0. */
export function siluForward(count: u32, x: usize, y: usize): void {
  const least = f32x4.splat(-100);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    const v = f32x4.pmax(v128.load(x), least);
    v128.store(y, f32x4.mul(v, sigmoid(v)));
  }
}

/** dx = dy σ (1 + x (1 − σ)). */
export function siluBackward(count: u32, x: usize, dy: usize, dx: usize): void {
  const one = f32x4.splat(1);
  for (const end = x + (<usize>count << 2); x < end; x += 16, dy += 16, dx += 16) {
    const v = within(v128.load(x), 100);
    const s = sigmoid(v);
    const slope = f32x4.mul(s, f32x4.add(one, f32x4.mul(v, f32x4.sub(one, s))));
    v128.store(dx, f32x4.mul(v128.load(dy), slope));
  }
}

/** y = log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|): nothing overflows, and the tail keeps its digits. */
export function softplusForward(count: u32, x: usize, y: usize): void {
  const zero = f32x4.splat(0);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    const v = v128.load(x);
    const rest = log1pUnit(exp(f32x4.neg(f32x4.abs(v))));
    v128.store(y, f32x4.add(f32x4.max(v, zero), rest));
  }
}

/** dx = dy σ(x), and σ(x) = 1 − e^−y. */
export function softplusBackward(count: u32, y: usize, dy: usize, dx: usize): void {
  for (const end = y + (<usize>count << 2); y < end; y += 16, dy += 16, dx += 16) {
    const slope = f32x4.neg(expm1(f32x4.neg(v128.load(y))));
    v128.store(dx, f32x4.mul(v128.load(dy), slope));
  }
}

/** y = eˣ. */
export function exponentialForward(count: u32, x: usize, y: usize): void {
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    v128.store(y, exp(v128.load(x)));
  }
}

/** dx = dy · y. */
export function exponentialBackward(count: u32, y: usize, dy: usize, dx: usize): void {
  for (const end = y + (<usize>count << 2); y < end; y += 16, dy += 16, dx += 16) {
    v128.store(dx, f32x4.mul(v128.load(dy), v128.load(y)));
  }
}
