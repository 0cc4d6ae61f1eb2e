// Sums over the rows of [rows × channels], in parts: a part is some rows of some channels, its sums are
// float64, and parts are combined in their order, whoever computed them. `width` is the number of all
// channels, from one row to the next; operands are given at the part's first row and channel.

/** Four float64 from the lanes of v. */
// @ts-ignore: decorator
@inline
export function storeLanes(to: usize, v: v128): void {
  v128.store(to, f64x2.promote_low_f32x4(v));
  v128.store(to, f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1)), 16);
}

/** to[count] = Σ over parts of from[parts × count], float64 to float32. */
export function sumParts(parts: u32, count: u32, from: usize, to: usize): void {
  const stride: usize = <usize>count << 3;
  for (let j: u32 = 0; j < count; j++, from += 8, to += 4) {
    let sum: f64 = 0;
    let at = from;
    for (let p: u32 = 0; p < parts; p++, at += stride) sum += load<f64>(at);
    store<f32>(to, <f32>sum);
  }
}

/** y = x for x > 0, else slope · x, with a slope a channel. */
export function preluForward(rows: u32, channels: u32, x: usize, slope: usize, y: usize): void {
  const bytes: usize = <usize>channels << 2;
  const zero = f32x4.splat(0);
  for (let i: u32 = 0; i < rows; i++, x += bytes, y += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const v = v128.load(x + j);
      const bent = f32x4.mul(v, v128.load(slope + j));
      v128.store(y + j, v128.bitselect(bent, v, f32x4.le(v, zero)));
    }
    for (; j < bytes; j += 4) {
      const v = load<f32>(x + j);
      store<f32>(y + j, v <= 0 ? v * load<f32>(slope + j) : v);
    }
  }
}

/** dx = dy for x > 0, else slope · dy; dx may be dy. */
export function preluBackward(
  rows: u32,
  channels: u32,
  x: usize,
  slope: usize,
  dy: usize,
  dx: usize,
): void {
  const bytes: usize = <usize>channels << 2;
  const zero = f32x4.splat(0);
  for (let i: u32 = 0; i < rows; i++, x += bytes, dy += bytes, dx += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const d = v128.load(dy + j);
      const bent = f32x4.mul(d, v128.load(slope + j));
      v128.store(dx + j, v128.bitselect(bent, d, f32x4.le(v128.load(x + j), zero)));
    }
    for (; j < bytes; j += 4) {
      const d = load<f32>(dy + j);
      store<f32>(dx + j, load<f32>(x + j) <= 0 ? d * load<f32>(slope + j) : d);
    }
  }
}

/** sums[channels] = Σ over rows of dy · x where x ≤ 0: a part of the gradient of the slopes. */
export function preluSums(
  rows: u32,
  channels: u32,
  width: u32,
  x: usize,
  dy: usize,
  sums: usize,
): void {
  const stride: usize = <usize>width << 2;
  const zero = f32x4.splat(0);
  let c: u32 = 0;
  for (; c + 4 <= channels; c += 4, x += 16, dy += 16, sums += 32) {
    let sum = zero;
    let a = x;
    let b = dy;
    for (let i: u32 = 0; i < rows; i++, a += stride, b += stride) {
      const v = v128.load(a);
      sum = f32x4.add(sum, v128.andnot(f32x4.mul(v, v128.load(b)), f32x4.gt(v, zero)));
    }
    storeLanes(sums, sum);
  }
  for (; c < channels; c++, x += 4, dy += 4, sums += 8) {
    let sum: f64 = 0;
    let a = x;
    let b = dy;
    for (let i: u32 = 0; i < rows; i++, a += stride, b += stride) {
      const v = load<f32>(a);
      if (!(v > 0)) sum += <f64>v * <f64>load<f32>(b);
    }
    store<f64>(sums, sum);
  }
}
