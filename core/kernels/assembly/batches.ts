// A batch is gathered from the data set, which stays in memory as it was read, and preprocessed on
// the way: x′ = (x − offset) · scale for each feature.

/** to[rows × features] from the bytes of rows `order[0 … rows)`. */
export function gatherBytes(
  rows: u32,
  features: u32,
  order: usize,
  from: usize,
  offset: usize,
  scale: usize,
  to: usize,
): void {
  const bytes: usize = <usize>features << 2;
  for (let i: u32 = 0; i < rows; i++) {
    const row = from + <usize>load<u32>(order + <usize>(i << 2)) * features;
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const small = i16x8.extend_low_i8x16_u(v128.load32_zero(row + (j >> 2)));
      const x = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(small));
      const centered = f32x4.sub(x, v128.load(offset + j));
      v128.store(to + j, f32x4.mul(centered, v128.load(scale + j)));
    }
    for (; j < bytes; j += 4) {
      const x = <f32>load<u8>(row + (j >> 2));
      store<f32>(to + j, (x - load<f32>(offset + j)) * load<f32>(scale + j));
    }
    to += bytes;
  }
}

/** to[rows × features] from the floats of rows `order[0 … rows)`. */
export function gatherFloats(
  rows: u32,
  features: u32,
  order: usize,
  from: usize,
  offset: usize,
  scale: usize,
  to: usize,
): void {
  const bytes: usize = <usize>features << 2;
  for (let i: u32 = 0; i < rows; i++) {
    const row = from + <usize>load<u32>(order + <usize>(i << 2)) * bytes;
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const centered = f32x4.sub(v128.load(row + j), v128.load(offset + j));
      v128.store(to + j, f32x4.mul(centered, v128.load(scale + j)));
    }
    for (; j < bytes; j += 4) {
      store<f32>(to + j, (load<f32>(row + j) - load<f32>(offset + j)) * load<f32>(scale + j));
    }
    to += bytes;
  }
}

/** to[rows × width] from rows `order[0 … rows)` of 32-bit values (labels, targets), unchanged. */
export function gatherWords(rows: u32, width: u32, order: usize, from: usize, to: usize): void {
  const bytes: usize = <usize>width << 2;
  for (let i: u32 = 0; i < rows; i++) {
    memory.copy(to, from + <usize>load<u32>(order + <usize>(i << 2)) * bytes, bytes);
    to += bytes;
  }
}

/** to[rows × features], floats, from the bytes of rows `order[0 … rows)` as they are. */
export function gatherRawBytes(
  rows: u32,
  features: u32,
  order: usize,
  from: usize,
  to: usize,
): void {
  for (let i: u32 = 0; i < rows; i++) {
    const row = from + <usize>load<u32>(order + <usize>(i << 2)) * features;
    for (let j: u32 = 0; j < features; j++, to += 4) store<f32>(to, <f32>load<u8>(row + j));
  }
}

/** x[rows × features] ← (x − offset) · scale. */
export function preprocess(
  rows: u32,
  features: u32,
  offset: usize,
  scale: usize,
  x: usize,
): void {
  const bytes: usize = <usize>features << 2;
  for (let i: u32 = 0; i < rows; i++, x += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const centered = f32x4.sub(v128.load(x + j), v128.load(offset + j));
      v128.store(x + j, f32x4.mul(centered, v128.load(scale + j)));
    }
    for (; j < bytes; j += 4) {
      store<f32>(x + j, (load<f32>(x + j) - load<f32>(offset + j)) * load<f32>(scale + j));
    }
  }
}
