// The transforms of Winograd's minimal filtering F(4 × 4, 3 × 3), on four channels at a time, with the
// points 0, ±1, ±2, ∞ (Lavin and Gray 2015): y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A for a patch d of 6 × 6, a
// kernel g of 3 × 3 and an output y of 4 × 4. Each is along one dimension first, then the other.
import { multiplyAdd } from './simd';

// @ts-ignore: decorator
@inline
function times(k: f32, a: v128, b: v128): v128 {
  return multiplyAdd(f32x4.splat(k), a, b);
}

/** to[6] = Bᵀ from[6]; each vector is `step` bytes on, and `next` bytes in the result. */
// @ts-ignore: decorator
@inline
function patchAlong(from: usize, step: usize, to: usize, next: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load((from += step));
  const d2 = v128.load((from += step));
  const d3 = v128.load((from += step));
  const d4 = v128.load((from += step));
  const d5 = v128.load((from += step));
  const p = times(-4, d2, d4);
  const q = times(-4, d1, d3);
  const r = f32x4.sub(d4, d2);
  const s = f32x4.sub(d3, d1);
  v128.store(to, times(4, d0, times(-5, d2, d4)));
  v128.store((to += next), f32x4.add(p, q));
  v128.store((to += next), f32x4.sub(p, q));
  v128.store((to += next), times(2, s, r));
  v128.store((to += next), times(-2, s, r));
  v128.store((to += next), times(4, d1, times(-5, d3, d5)));
}

/** to[36] = Bᵀ d B of the patch at `from`, rows `pitch` and pixels `pixel` bytes apart. */
export function transformPatch(
  from: usize,
  pitch: usize,
  pixel: usize,
  work: usize,
  to: usize,
  next: usize,
): void {
  for (let j: usize = 0; j < 6; j++) patchAlong(from + pixel * j, pitch, work + (j << 4), 96);
  for (let i: usize = 0; i < 6; i++) patchAlong(work + 96 * i, 16, to + 6 * next * i, next);
}

/** to[6] = A from[4]. */
// @ts-ignore: decorator
@inline
function gradientAlong(from: usize, step: usize, to: usize, next: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load((from += step));
  const d2 = v128.load((from += step));
  const d3 = v128.load((from += step));
  const p = f32x4.add(d0, d2);
  const q = f32x4.add(d1, d3);
  const r = times(4, d2, d0);
  const s = times(4, d3, d1);
  v128.store(to, d0);
  v128.store((to += next), f32x4.add(p, q));
  v128.store((to += next), f32x4.sub(p, q));
  v128.store((to += next), times(2, s, r));
  v128.store((to += next), times(-2, s, r));
  v128.store((to += next), d3);
}

/** to[36] = A dy Aᵀ of the 4 × 4 gradients at `from`. */
export function transformGradient(
  from: usize,
  pitch: usize,
  pixel: usize,
  work: usize,
  to: usize,
  next: usize,
): void {
  for (let j: usize = 0; j < 4; j++) gradientAlong(from + pixel * j, pitch, work + (j << 4), 96);
  for (let i: usize = 0; i < 6; i++) gradientAlong(work + 96 * i, 16, to + 6 * next * i, next);
}

/** to[4] = Aᵀ from[6]. */
// @ts-ignore: decorator
@inline
function outputAlong(from: usize, step: usize, to: usize): void {
  const m0 = v128.load(from);
  const m1 = v128.load((from += step));
  const m2 = v128.load((from += step));
  const m3 = v128.load((from += step));
  const m4 = v128.load((from += step));
  const m5 = v128.load((from += step));
  const a = f32x4.add(m1, m2);
  const b = f32x4.sub(m1, m2);
  const c = f32x4.add(m3, m4);
  const d = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(m0, a), c));
  v128.store(to, times(2, d, b), 96);
  v128.store(to, times(4, c, a), 192);
  v128.store(to, f32x4.add(times(8, d, b), m5), 288);
}

/** y = Aᵀ m A + bias, of which `rows` × `columns` lie within the image; m's values are `step` apart. */
export function transformOutput(
  from: usize,
  step: usize,
  bias: v128,
  work: usize,
  rows: u32,
  columns: u32,
  y: usize,
  pitch: usize,
  pixel: usize,
): void {
  for (let j: usize = 0; j < 6; j++) outputAlong(from + step * j, 6 * step, work + (j << 4));
  for (let i: u32 = 0; i < rows; i++, work += 96, y += pitch) {
    const m0 = f32x4.add(v128.load(work), bias);
    const m1 = v128.load(work, 16);
    const m2 = v128.load(work, 32);
    const m3 = v128.load(work, 48);
    const m4 = v128.load(work, 64);
    const a = f32x4.add(m1, m2);
    const b = f32x4.add(f32x4.sub(m1, m2), bias);
    const c = f32x4.add(m3, m4);
    const d = f32x4.sub(m3, m4);
    v128.store(y, f32x4.add(f32x4.add(m0, a), c));
    if (columns > 1) v128.store(y + pixel, times(2, d, b));
    if (columns > 2) v128.store(y + 2 * pixel, f32x4.add(times(4, c, a), bias));
    if (columns > 3) v128.store(y + 3 * pixel, f32x4.add(times(8, d, b), v128.load(work, 80)));
  }
}

/** to[6] = G from[3]. */
// @ts-ignore: decorator
@inline
function kernelAlong(from: usize, step: usize, to: usize, next: usize): void {
  const g0 = v128.load(from);
  const g1 = v128.load((from += step));
  const g2 = v128.load((from += step));
  const a = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(-1.0 / 6));
  const b = f32x4.mul(g1, f32x4.splat(1.0 / 6));
  const c = times(1.0 / 24, g0, f32x4.mul(g2, f32x4.splat(1.0 / 6)));
  const d = f32x4.mul(g1, f32x4.splat(1.0 / 12));
  v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
  v128.store((to += next), f32x4.sub(a, b));
  v128.store((to += next), f32x4.add(a, b));
  v128.store((to += next), f32x4.add(c, d));
  v128.store((to += next), f32x4.sub(c, d));
  v128.store((to += next), g2);
}

/** to[36] = G g Gᵀ of the kernel at `from`, [9] vectors. */
export function transformKernel(from: usize, work: usize, to: usize, next: usize): void {
  for (let j: usize = 0; j < 3; j++) kernelAlong(from + (j << 4), 48, work + (j << 4), 48);
  for (let i: usize = 0; i < 6; i++) kernelAlong(work + 48 * i, 16, to + 6 * next * i, next);
}

/** to[3] = Gᵀ from[6]. */
// @ts-ignore: decorator
@inline
function kernelGradientAlong(from: usize, step: usize, to: usize, next: usize): void {
  const s0 = v128.load(from);
  const s1 = v128.load((from += step));
  const s2 = v128.load((from += step));
  const s3 = v128.load((from += step));
  const s4 = v128.load((from += step));
  const s5 = v128.load((from += step));
  const a = f32x4.add(s1, s2);
  const b = f32x4.sub(s2, s1);
  const c = f32x4.add(s3, s4);
  const d = f32x4.sub(s3, s4);
  v128.store(to, times(0.25, s0, times(1.0 / 24, c, f32x4.mul(a, f32x4.splat(-1.0 / 6)))));
  v128.store((to += next), times(1.0 / 12, d, f32x4.mul(b, f32x4.splat(1.0 / 6))));
  v128.store((to += next), f32x4.add(s5, f32x4.mul(f32x4.sub(c, a), f32x4.splat(1.0 / 6))));
}

/** to[9] = Gᵀ s G of the 36 vectors at `from`. */
export function transformKernelGradient(from: usize, work: usize, to: usize, next: usize): void {
  for (let j: usize = 0; j < 6; j++) kernelGradientAlong(from + (j << 4), 96, work + (j << 4), 96);
  for (let i: usize = 0; i < 3; i++) kernelGradientAlong(work + 96 * i, 16, to + 3 * next * i, next);
}
