// Philox4x32-10, four blocks at a time: the words of core/data/random.ts, for masks drawn in place.

/** High and low words of the 32 × 32-bit products of four lanes with a constant. */
// @ts-ignore: decorator
@inline
function high(even: v128, odd: v128): v128 {
  return v128.shuffle<i32>(even, odd, 1, 3, 5, 7);
}
// @ts-ignore: decorator
@inline
function low(even: v128, odd: v128): v128 {
  return v128.shuffle<i32>(even, odd, 0, 2, 4, 6);
}

/** 16 words of the blocks `block` … `block` + 3 are written to `to`. */
// @ts-ignore: decorator
@inline
export function fourBlocks(
  block: u32,
  purpose: u32,
  step0: u32,
  step1: u32,
  key0: u32,
  key1: u32,
  to: usize,
): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  let c0 = i32x4.add(i32x4.splat(block), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(purpose);
  let c2 = i32x4.splat(step0);
  let c3 = i32x4.splat(step1);
  for (let round = 0; round < 10; round++) {
    const first0 = i64x2.extmul_low_i32x4_u(c0, m0);
    const second0 = i64x2.extmul_high_i32x4_u(c0, m0);
    const first1 = i64x2.extmul_low_i32x4_u(c2, m1);
    const second1 = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(high(first1, second1), c1), i32x4.splat(key0));
    c1 = low(first1, second1);
    c2 = v128.xor(v128.xor(high(first0, second0), c3), i32x4.splat(key1));
    c3 = low(first0, second0);
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  // From one word of four blocks a vector to four words of one block a vector.
  const a = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
  const b = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
  const d = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(a, b, 0, 2));
  v128.store(to, v128.shuffle<i64>(a, b, 1, 3), 16);
  v128.store(to, v128.shuffle<i64>(c, d, 0, 2), 32);
  v128.store(to, v128.shuffle<i64>(c, d, 1, 3), 48);
}

// @ts-ignore: decorator
@inline
function kept(words: usize, threshold: v128): v128 {
  return i32x4.ge_u(v128.load(words), threshold);
}

/**
 * Inverted dropout: y = scale · x where the stream's word is at least `threshold`, else 0. The words of
 * values [from, from + count) of a tensor are those at their indices; `mask` keeps a bit a value,
 * 1 for kept. `from` is a multiple of 16; x, y and mask are given at `from`. `words`: 64 bytes.
 */
export function dropoutForward(
  from: u32,
  count: u32,
  threshold: u32,
  scale: f32,
  key0: u32,
  key1: u32,
  purpose: u32,
  step0: u32,
  step1: u32,
  x: usize,
  y: usize,
  mask: usize,
  words: usize,
): void {
  const least = i32x4.splat(threshold);
  const factor = f32x4.splat(scale);
  for (let i: u32 = 0; i < count; i += 16, x += 64, y += 64, mask += 2) {
    fourBlocks((from + i) >> 2, purpose, step0, step1, key0, key1, words);
    const a = kept(words, least);
    const b = kept(words + 16, least);
    const c = kept(words + 32, least);
    const d = kept(words + 48, least);
    v128.store(y, v128.and(f32x4.mul(v128.load(x), factor), a));
    v128.store(y, v128.and(f32x4.mul(v128.load(x, 16), factor), b), 16);
    v128.store(y, v128.and(f32x4.mul(v128.load(x, 32), factor), c), 32);
    v128.store(y, v128.and(f32x4.mul(v128.load(x, 48), factor), d), 48);
    store<u16>(
      mask,
      i32x4.bitmask(a) |
        (i32x4.bitmask(b) << 4) |
        (i32x4.bitmask(c) << 8) |
        (i32x4.bitmask(d) << 12),
    );
  }
}

/** dx = scale · dy where the mask has a 1, else 0. */
export function dropoutBackward(
  count: u32,
  scale: f32,
  mask: usize,
  dy: usize,
  dx: usize,
): void {
  const factor = f32x4.splat(scale);
  let bits = i32x4(1, 2, 4, 8);
  for (let i: u32 = 0; i < count; i += 16, mask += 2) {
    let word: u32 = load<u16>(mask);
    for (let k = 0; k < 4; k++, dy += 16, dx += 16, word >>= 4) {
      const on = i32x4.eq(v128.and(i32x4.splat(word), bits), bits);
      v128.store(dx, v128.and(f32x4.mul(v128.load(dy), factor), on));
    }
  }
}
