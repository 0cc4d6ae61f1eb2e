// Elementwise nonlinearities over `count` floats, forward and backward side by side. Buffers are
// padded to whole vectors, so the last one may run into its padding. Backward takes the output y
// (cached by forward) and dy, and writes dx = dy · f′.
import { expm1, sigmoid as sigmoidOf, tanh as tanhOf } from './math';

/** y = 1 / (1 + e⁻ˣ). */
export function sigmoidForward(count: u32, x: usize, y: usize): void {
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    v128.store(y, sigmoidOf(v128.load(x)));
  }
}

/** dx = dy · y (1 − y). */
export function sigmoidBackward(count: u32, y: usize, dy: usize, dx: usize): void {
  const one = f32x4.splat(1);
  for (const end = y + (<usize>count << 2); y < end; y += 16, dy += 16, dx += 16) {
    const s = v128.load(y);
    v128.store(dx, f32x4.mul(v128.load(dy), f32x4.mul(s, f32x4.sub(one, s))));
  }
}

/** y = tanh x. */
export function tanhForward(count: u32, x: usize, y: usize): void {
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    v128.store(y, tanhOf(v128.load(x)));
  }
}

/** dx = dy (1 − y²). */
export function tanhBackward(count: u32, y: usize, dy: usize, dx: usize): void {
  const one = f32x4.splat(1);
  for (const end = y + (<usize>count << 2); y < end; y += 16, dy += 16, dx += 16) {
    const t = v128.load(y);
    v128.store(dx, f32x4.mul(v128.load(dy), f32x4.sub(one, f32x4.mul(t, t))));
  }
}

/** y = x for x > 0, else slope · x (slope 0: ReLU). A NaN goes through. */
export function leakyReluForward(count: u32, slope: f32, x: usize, y: usize): void {
  const zero = f32x4.splat(0);
  const a = f32x4.splat(slope);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    const v = v128.load(x);
    v128.store(y, v128.bitselect(f32x4.mul(v, a), v, f32x4.le(v, zero)));
  }
}

/** dx = dy for y > 0, else slope · dy. The derivative at 0 is the slope, as in PyTorch. */
export function leakyReluBackward(count: u32, slope: f32, y: usize, dy: usize, dx: usize): void {
  const zero = f32x4.splat(0);
  const a = f32x4.splat(slope);
  for (const end = y + (<usize>count << 2); y < end; y += 16, dy += 16, dx += 16) {
    const d = v128.load(dy);
    v128.store(dx, v128.bitselect(f32x4.mul(d, a), d, f32x4.le(v128.load(y), zero)));
  }
}

/** y = max(0, x). −∞ gives 0 (a slope of 0 would make it NaN); a NaN goes through. */
export function reluForward(count: u32, x: usize, y: usize): void {
  const zero = f32x4.splat(0);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    v128.store(y, f32x4.max(v128.load(x), zero));
  }
}

/** dx = dy where y > 0 or is NaN, else 0. */
export function reluBackward(count: u32, y: usize, dy: usize, dx: usize): void {
  const zero = f32x4.splat(0);
  for (const end = y + (<usize>count << 2); y < end; y += 16, dy += 16, dx += 16) {
    v128.store(dx, v128.andnot(v128.load(dy), f32x4.le(v128.load(y), zero)));
  }
}

/** y = scale · x for x > 0, else α (eˣ − 1). */
export function eluForward(count: u32, scale: f32, alpha: f32, x: usize, y: usize): void {
  const zero = f32x4.splat(0);
  const a = f32x4.splat(alpha);
  const b = f32x4.splat(scale);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    const v = v128.load(x);
    v128.store(
      y,
      v128.bitselect(f32x4.mul(a, expm1(v)), f32x4.mul(b, v), f32x4.le(v, zero)),
    );
  }
}

/** dx = scale · dy for y > 0, else dy (y + α), because α eˣ = y + α. */
export function eluBackward(
  count: u32,
  scale: f32,
  alpha: f32,
  y: usize,
  dy: usize,
  dx: usize,
): void {
  const zero = f32x4.splat(0);
  const a = f32x4.splat(alpha);
  const b = f32x4.splat(scale);
  for (const end = y + (<usize>count << 2); y < end; y += 16, dy += 16, dx += 16) {
    const v = v128.load(y);
    const slope = v128.bitselect(f32x4.add(v, a), b, f32x4.le(v, zero));
    v128.store(dx, f32x4.mul(v128.load(dy), slope));
  }
}
