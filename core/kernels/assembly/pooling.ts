// Pooling of NHWC images [images × height × width × channels]: windows of size × size pixels, `stride`
// apart. Windows lie within the image.

/**
 * y = the largest value of each window; `which` gets its place, row × size + column: of equal ones the
 * first. A NaN is larger than all, as in PyTorch, and the last one counts.
 */
export function maxPoolForward(
  images: u32,
  height: u32,
  width: u32,
  channels: u32,
  size: u32,
  stride: u32,
  x: usize,
  y: usize,
  which: usize,
): void {
  const pixel = <usize>channels << 2;
  const pitch = pixel * width;
  const outHeight = (height - size) / stride + 1;
  const outWidth = (width - size) / stride + 1;
  for (let n: u32 = 0; n < images; n++, x += pitch * height) {
    for (let i: u32 = 0; i < outHeight; i++) {
      for (let j: u32 = 0; j < outWidth; j++) {
        const window = x + pitch * <usize>(i * stride) + pixel * <usize>(j * stride);
        let c: u32 = 0;
        if (size == 2) {
          for (; c + 4 <= channels; c += 4, y += 16, which += 8) {
            largestOfFour(window + <usize>(c << 2), pitch, pixel, y, which);
          }
        }
        for (; c + 4 <= channels; c += 4, y += 16, which += 8) {
          const first = window + <usize>(c << 2);
          let best = v128.load(first);
          let place = i32x4.splat(0);
          for (let a: u32 = 0; a < size; a++) {
            for (let b: u32 = 0; b < size; b++) {
              const v = v128.load(first + pitch * <usize>a + pixel * <usize>b);
              const better = v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
              best = v128.bitselect(v, best, better);
              place = v128.bitselect(i32x4.splat(a * size + b), place, better);
            }
          }
          v128.store(y, best);
          v128.store64_lane(which, i16x8.narrow_i32x4_u(place, place), 0);
        }
        for (; c < channels; c++, y += 4, which += 2) {
          const first = window + <usize>(c << 2);
          let best = load<f32>(first);
          let place: u32 = 0;
          for (let a: u32 = 0; a < size; a++) {
            for (let b: u32 = 0; b < size; b++) {
              const v = load<f32>(first + pitch * <usize>a + pixel * <usize>b);
              if (v > best || v != v) {
                best = v;
                place = a * size + b;
              }
            }
          }
          store<f32>(y, best);
          store<u16>(which, <u16>place);
        }
      }
    }
  }
}

/** The largest of the windows of 2 × 2 pixels of four channels, without a loop. */
// @ts-ignore: decorator
@inline
function largestOfFour(first: usize, pitch: usize, pixel: usize, y: usize, which: usize): void {
  const a = v128.load(first);
  const b = v128.load(first + pixel);
  const c = v128.load(first + pitch);
  const d = v128.load(first + pitch + pixel);
  let better = v128.or(f32x4.gt(b, a), f32x4.ne(b, b));
  let best = v128.bitselect(b, a, better);
  let place = v128.and(i32x4.splat(1), better);
  better = v128.or(f32x4.gt(c, best), f32x4.ne(c, c));
  best = v128.bitselect(c, best, better);
  place = v128.bitselect(i32x4.splat(2), place, better);
  better = v128.or(f32x4.gt(d, best), f32x4.ne(d, d));
  v128.store(y, v128.bitselect(d, best, better));
  place = v128.bitselect(i32x4.splat(3), place, better);
  v128.store64_lane(which, i16x8.narrow_i32x4_u(place, place), 0);
}

/** dx = dy at the largest value of each window, summed where windows overlap, and 0 elsewhere. */
export function maxPoolBackward(
  images: u32,
  height: u32,
  width: u32,
  channels: u32,
  size: u32,
  stride: u32,
  dy: usize,
  dx: usize,
  which: usize,
): void {
  const pixel = <usize>channels << 2;
  const pitch = pixel * width;
  const outHeight = (height - size) / stride + 1;
  const outWidth = (width - size) / stride + 1;
  const vectors = channels & ~3;
  // Where windows of 2 × 2 cover the image and do not overlap, each value is written once.
  const once = size == 2 && stride == 2 && (channels & 3) == 0;
  const whole = once && ((height | width) & 1) == 0;
  for (let n: u32 = 0; n < images; n++, dx += pitch * height) {
    if (!whole) memory.fill(dx, 0, pitch * height);
    for (let i: u32 = 0; i < outHeight; i++) {
      for (let j: u32 = 0; j < outWidth; j++) {
        const window = dx + pitch * <usize>(i * stride) + pixel * <usize>(j * stride);
        if (once) {
          for (let c: usize = 0; c < pixel; c += 16, dy += 16, which += 8) {
            const place = v128.load16x4_u(which);
            const value = v128.load(dy);
            const to = window + c;
            v128.store(to, v128.and(value, i32x4.eq(place, i32x4.splat(0))));
            v128.store(to + pixel, v128.and(value, i32x4.eq(place, i32x4.splat(1))));
            v128.store(to + pitch, v128.and(value, i32x4.eq(place, i32x4.splat(2))));
            v128.store(to + pitch + pixel, v128.and(value, i32x4.eq(place, i32x4.splat(3))));
          }
          continue;
        }
        for (let c: u32 = 0; c < vectors; c += 4, dy += 16, which += 8) {
          const place = v128.load16x4_u(which);
          const value = v128.load(dy);
          let number: u32 = 0;
          for (let a: u32 = 0; a < size; a++) {
            let to = window + pitch * <usize>a + <usize>(c << 2);
            for (let b: u32 = 0; b < size; b++, to += pixel) {
              const share = v128.and(value, i32x4.eq(place, i32x4.splat(number++)));
              v128.store(to, f32x4.add(v128.load(to), share));
            }
          }
        }
        for (let c = vectors; c < channels; c++, dy += 4, which += 2) {
          const place: u32 = load<u16>(which);
          const to = window + pitch * <usize>(place / size) + pixel * <usize>(place % size) + <usize>(c << 2);
          store<f32>(to, load<f32>(to) + load<f32>(dy));
        }
      }
    }
  }
}

/** y = the mean of each window, of `rows` × `columns` pixels. */
export function avgPoolForward(
  images: u32,
  height: u32,
  width: u32,
  channels: u32,
  rows: u32,
  columns: u32,
  stride: u32,
  x: usize,
  y: usize,
): void {
  const pixel = <usize>channels << 2;
  const pitch = pixel * width;
  const outHeight = (height - rows) / stride + 1;
  const outWidth = (width - columns) / stride + 1;
  const share: f32 = <f32>1 / <f32>(rows * columns);
  for (let n: u32 = 0; n < images; n++, x += pitch * height) {
    for (let i: u32 = 0; i < outHeight; i++) {
      for (let j: u32 = 0; j < outWidth; j++) {
        const window = x + pitch * <usize>(i * stride) + pixel * <usize>(j * stride);
        let c: u32 = 0;
        for (; c + 4 <= channels; c += 4, y += 16) {
          let sum = f32x4.splat(0);
          for (let a: u32 = 0; a < rows; a++) {
            let from = window + pitch * <usize>a + <usize>(c << 2);
            for (let b: u32 = 0; b < columns; b++, from += pixel) {
              sum = f32x4.add(sum, v128.load(from));
            }
          }
          v128.store(y, f32x4.mul(sum, f32x4.splat(share)));
        }
        for (; c < channels; c++, y += 4) {
          let sum: f32 = 0;
          for (let a: u32 = 0; a < rows; a++) {
            let from = window + pitch * <usize>a + <usize>(c << 2);
            for (let b: u32 = 0; b < columns; b++, from += pixel) sum += load<f32>(from);
          }
          store<f32>(y, sum * share);
        }
      }
    }
  }
}

/** dx = dy / (rows × columns) over each window, summed where windows overlap. */
export function avgPoolBackward(
  images: u32,
  height: u32,
  width: u32,
  channels: u32,
  rows: u32,
  columns: u32,
  stride: u32,
  dy: usize,
  dx: usize,
): void {
  const pixel = <usize>channels << 2;
  const pitch = pixel * width;
  const outHeight = (height - rows) / stride + 1;
  const outWidth = (width - columns) / stride + 1;
  const share: f32 = <f32>1 / <f32>(rows * columns);
  for (let n: u32 = 0; n < images; n++, dx += pitch * height) {
    memory.fill(dx, 0, pitch * height);
    for (let i: u32 = 0; i < outHeight; i++) {
      for (let j: u32 = 0; j < outWidth; j++) {
        const window = dx + pitch * <usize>(i * stride) + pixel * <usize>(j * stride);
        let c: u32 = 0;
        for (; c + 4 <= channels; c += 4, dy += 16) {
          const value = f32x4.mul(v128.load(dy), f32x4.splat(share));
          for (let a: u32 = 0; a < rows; a++) {
            let to = window + pitch * <usize>a + <usize>(c << 2);
            for (let b: u32 = 0; b < columns; b++, to += pixel) {
              v128.store(to, f32x4.add(v128.load(to), value));
            }
          }
        }
        for (; c < channels; c++, dy += 4) {
          const value = load<f32>(dy) * share;
          for (let a: u32 = 0; a < rows; a++) {
            let to = window + pitch * <usize>a + <usize>(c << 2);
            for (let b: u32 = 0; b < columns; b++, to += pixel) {
              store<f32>(to, load<f32>(to) + value);
            }
          }
        }
      }
    }
  }
}
