import { multiplyAdd } from './simd';

/** a ← a + rate (w − a): a running average of `count` values. */
export function average(count: u32, rate: f32, w: usize, a: usize): void {
  const weight = f32x4.splat(rate);
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, a += 16) {
    const old = v128.load(a);
    v128.store(a, multiplyAdd(weight, f32x4.sub(v128.load(w), old), old));
  }
}
