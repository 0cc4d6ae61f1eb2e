// Random changes of one image, x[height × width × channels] in float32. What is random is drawn by
// the caller, but for noise. `black` fills what comes in from outside.
import { log1pUnit } from './math';
import { fourBlocks } from './random';
import { multiplyAdd } from './simd';

// @ts-ignore: decorator
@inline
function fill(bytes: usize, value: f32, to: usize): void {
  for (let c: usize = 0; c < bytes; c += 4) store<f32>(to + c, value);
}

/** to[y][x] = from[y − down][x − right]. */
export function shiftImage(
  height: i32,
  width: i32,
  channels: i32,
  down: i32,
  right: i32,
  black: f32,
  from: usize,
  to: usize,
): void {
  const pixel = <usize>channels << 2;
  const row = pixel * width;
  const begin = <usize>max(0, right) * pixel;
  const end = <usize>(width + min(0, right)) * pixel;
  const skipped = <usize>max(0, -right) * pixel;
  for (let y = 0; y < height; y++, to += row) {
    const source = y - down;
    if (source < 0 || source >= height) {
      fill(row, black, to);
      continue;
    }
    fill(begin, black, to);
    memory.copy(to + begin, from + <usize>source * row + skipped, end - begin);
    fill(row - end, black, to + end);
  }
}

/** Exchanges the pixels of each row (`columns` 1), or the rows. */
export function flipImage(
  height: i32,
  width: i32,
  channels: i32,
  columns: i32,
  from: usize,
  to: usize,
): void {
  const pixel = <usize>channels << 2;
  const row = pixel * width;
  for (let y = 0; y < height; y++) {
    if (!columns) {
      memory.copy(to + <usize>(height - 1 - y) * row, from + <usize>y * row, row);
      continue;
    }
    for (let x = 0; x < width; x++) {
      const at = <usize>y * row;
      memory.copy(to + at + <usize>(width - 1 - x) * pixel, from + at + <usize>x * pixel, pixel);
    }
  }
}

// @ts-ignore: decorator
@inline
function pixelAt(
  height: i32,
  width: i32,
  pixel: usize,
  y: i32,
  x: i32,
  c: usize,
  black: f32,
  from: usize,
): f32 {
  if (y < 0 || y >= height || x < 0 || x >= width) return black;
  return load<f32>(from + <usize>(y * width + x) * pixel + c);
}

/**
 * Sine of `quarters` quarter turns and the rest `angle`, |angle| ≤ π/4, by Taylor's series; the first
 * term left out is below 2⁻⁶⁰. (The library's brings a table along, and kernels have no data of their
 * own: it would lie in the arena.)
 */
function sine(quarters: i32, angle: f64): f64 {
  let even: f64 = 1;
  let odd: f64 = 1;
  const square = angle * angle;
  for (let n: f64 = 16; n > 0; n -= 2) {
    odd = 1 - (odd * square) / (n * (n + 1));
    even = 1 - (even * square) / (n * (n - 1));
  }
  const value = quarters & 1 ? even : odd * angle;
  return quarters & 2 ? -value : value;
}

/** Turns by `angle` radians about the center, clockwise; bilinear interpolation of the four nearest. */
export function rotateImage(
  height: i32,
  width: i32,
  channels: i32,
  angle: f64,
  black: f32,
  from: usize,
  to: usize,
): void {
  const pixel = <usize>channels << 2;
  const quarters = nearest(angle / 1.5707963267948966);
  const rest = angle - quarters * 1.5707963267948966;
  const sin = sine(<i32>quarters, rest);
  const cos = sine(<i32>quarters + 1, rest);
  const middleY = <f64>(height - 1) / 2;
  const middleX = <f64>(width - 1) / 2;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += pixel) {
      const dy = <f64>y - middleY;
      const dx = <f64>x - middleX;
      const sourceY = middleY - sin * dx + cos * dy;
      const sourceX = middleX + cos * dx + sin * dy;
      const top = floor(sourceY);
      const left = floor(sourceX);
      const low = <f32>(sourceY - top);
      const right = <f32>(sourceX - left);
      const i = <i32>top;
      const j = <i32>left;
      for (let c: usize = 0; c < pixel; c += 4) {
        const a = pixelAt(height, width, pixel, i, j, c, black, from);
        const b = pixelAt(height, width, pixel, i, j + 1, c, black, from);
        const d = pixelAt(height, width, pixel, i + 1, j, c, black, from);
        const e = pixelAt(height, width, pixel, i + 1, j + 1, c, black, from);
        const above = a + right * (b - a);
        store<f32>(to + c, above + low * (d + right * (e - d) - above));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function clip(x: f32, low: f32, high: f32): f32 {
  return min<f32>(max<f32>(x, low), high);
}

/** Luma of a color (ITU-R BT.601); of other pixels the mean of their channels. */
// @ts-ignore: decorator
@inline
function grayOf(channels: i32, x: usize): f32 {
  if (channels == 3) {
    return <f32>0.299 * load<f32>(x) + <f32>0.587 * load<f32>(x, 4) + <f32>0.114 * load<f32>(x, 8);
  }
  let sum: f32 = 0;
  for (let c = 0; c < channels; c++) sum += load<f32>(x + (<usize>c << 2));
  return sum / <f32>channels;
}

/**
 * Brightness, contrast and saturation as torchvision's adjust_…: x ← b x; x ← m + c (x − m), where m is
 * the mean gray of the image; x ← g + s (x − g), where g is the gray of the pixel; each kept within
 * low … high. Saturation 1 for other images than those of three channels.
 */
export function jitterColors(
  pixels: i32,
  channels: i32,
  brightness: f32,
  contrast: f32,
  saturation: f32,
  low: f32,
  high: f32,
  x: usize,
): void {
  const pixel = <usize>channels << 2;
  const end = x + <usize>pixels * pixel;
  let gray: f64 = 0;
  for (let at = x; at < end; at += pixel) {
    for (let c: usize = 0; c < pixel; c += 4) {
      store<f32>(at + c, clip(load<f32>(at + c) * brightness, low, high));
    }
    gray += <f64>grayOf(channels, at);
  }
  const mean = <f32>(gray / <f64>pixels);
  for (let at = x; at < end; at += pixel) {
    for (let c: usize = 0; c < pixel; c += 4) {
      store<f32>(at + c, clip(mean + contrast * (load<f32>(at + c) - mean), low, high));
    }
    if (saturation == 1) continue;
    const own = grayOf(channels, at);
    for (let c: usize = 0; c < pixel; c += 4) {
      store<f32>(at + c, clip(own + saturation * (load<f32>(at + c) - own), low, high));
    }
  }
}

/** Blackens the part of a square that lies within the image. */
export function cutOut(
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  side: i32,
  black: f32,
  x: usize,
): void {
  const pixel = <usize>channels << 2;
  const first = max(0, left);
  const bytes = <usize>(min(width, left + side) - first) * pixel;
  for (let y = max(0, top); y < min(height, top + side); y++) {
    fill(bytes, black, x + <usize>(y * width + first) * pixel);
  }
}

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** Uniform in (0, 1], from the upper 24 bits. */
// @ts-ignore: decorator
@inline
function uniform(words: v128): v128 {
  const whole = f32x4.convert_i32x4_s(i32x4.shr_u(words, 8));
  return f32x4.mul(f32x4.add(whole, splat(0.5)), splat(5.9604644775390625e-8));
}

/** √(−2 ln u) for 0 < u ≤ 1. */
// @ts-ignore: decorator
@inline
function radius(u: v128): v128 {
  const exponent = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(u, 23), i32x4.splat(127)));
  const mantissa = v128.or(v128.and(u, i32x4.splat(0x7fffff)), i32x4.splat(0x3f800000));
  const rest = log1pUnit(f32x4.sub(mantissa, splat(1)));
  const log = multiplyAdd(exponent, splat(0.6931471805599453), rest);
  return f32x4.sqrt(f32x4.max(f32x4.mul(log, splat(-2)), splat(0)));
}

/**
 * Two times four standard normal numbers by Box and Muller: r cos θ and r sin θ with r = √(−2 ln u),
 * θ = 2πv. Sine and cosine are Cephes' polynomials about the nearest quarter of a turn.
 */
// @ts-ignore: decorator
@inline
function storeNormals(words: usize, to: usize): void {
  const r = radius(uniform(v128.load(words)));
  const quarters = f32x4.mul(uniform(v128.load(words, 16)), splat(4));
  const nearest = f32x4.nearest(quarters);
  const quadrant = i32x4.trunc_sat_f32x4_s(nearest);
  const angle = f32x4.mul(f32x4.sub(quarters, nearest), splat(1.5707963267948966));
  const z = f32x4.mul(angle, angle);
  let p = multiplyAdd(z, splat(-1.9515295891e-4), splat(8.3321608736e-3));
  p = multiplyAdd(p, z, splat(-1.6666654611e-1));
  const sine = multiplyAdd(f32x4.mul(p, z), angle, angle);
  let q = multiplyAdd(z, splat(2.443315711809948e-5), splat(-1.388731625493765e-3));
  q = multiplyAdd(q, z, splat(4.166664568298827e-2));
  const cosine = multiplyAdd(f32x4.mul(q, z), z, multiplyAdd(z, splat(-0.5), splat(1)));
  const isOdd = i32x4.ne(v128.and(quadrant, i32x4.splat(1)), i32x4.splat(0));
  const sineSign = i32x4.shl(v128.and(quadrant, i32x4.splat(2)), 30);
  const next = i32x4.add(quadrant, i32x4.splat(1));
  const cosineSign = i32x4.shl(v128.and(next, i32x4.splat(2)), 30);
  const turnedSine = v128.xor(v128.bitselect(cosine, sine, isOdd), sineSign);
  const turnedCosine = v128.xor(v128.bitselect(sine, cosine, isOdd), cosineSign);
  v128.store(to, f32x4.mul(r, turnedCosine));
  v128.store(to, f32x4.mul(r, turnedSine), 16);
}

/**
 * x ← x + std · n with standard normal n, kept within low … high. The numbers come from the random
 * stream's blocks from `block` on, four for 16 values. `work`: 128 bytes.
 */
export function addNoise(
  count: u32,
  std: f32,
  low: f32,
  high: f32,
  block: u32,
  purpose: u32,
  step0: u32,
  step1: u32,
  key0: u32,
  key1: u32,
  x: usize,
  work: usize,
): void {
  const normals = work + 64;
  for (let i: u32 = 0; i < count; i += 16, block += 4) {
    fourBlocks(block, purpose, step0, step1, key0, key1, work);
    storeNormals(work, normals);
    storeNormals(work + 32, normals + 32);
    const bytes = <usize>min<u32>(16, count - i) << 2;
    for (let j: usize = 0; j < bytes; j += 4, x += 4) {
      store<f32>(x, clip(load<f32>(x) + std * load<f32>(normals + j), low, high));
    }
  }
}
