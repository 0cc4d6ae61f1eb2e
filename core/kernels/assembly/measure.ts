// What is measured of a tensor, in one pass over its values.
import { laneSum, multiplyAdd } from './simd';

/** Floats summed in float32 before they are added to the float64 total. */
const BLOCK: usize = 1024 * 4;
/** Bytes of the numbers, which stand before the bins. */
const NUMBERS: usize = 128;
/** Bins that are told apart on either side of 0: of the 8 octaves up to the largest size. */
const TOLD: u32 = 64;
const OCTAVE: u32 = 8;
/** Counts for the upper 12 bits of a float: its sign, its exponent and three bits of its fraction. */
const HISTOGRAM: usize = 4096 * 4;
const DROPPED_BITS: i32 = 20;
/** Place of the bin of ∞; the seven behind it are NaN's. */
const INFINITY: usize = 0x7f8 * 4;
// Places of the numbers, float64 each.
const FINITE: usize = 0;
const NAN: usize = 8;
const INFINITE: usize = 16;
const ZERO: usize = 24;
const SATURATED: usize = 32;
const CENTER: usize = 40;
const SUM: usize = 48;
const SQUARES: usize = 56;
const LEAST: usize = 64;
const GREATEST: usize = 72;
const FIRST: usize = 80;

/** Bytes of what `measure` writes. */
export function measurementBytes(): usize {
  return NUMBERS + 2 * TOLD * 4;
}

/** Bytes of working memory that `measure` needs. */
export function measureScratchBytes(): usize {
  return HISTOGRAM;
}

// The type argument Terms selects a variant at compile time: u8 measures x, u16 also what of it is
// saturated, u32 measures x − minus.

/**
 * Of x[count], or of x − minus where `minus` is not 0. Writes float64 [finite, NaN, infinite, zero,
 * saturated, c, Σ (x−c), Σ (x−c)², min, max, first]: counts, then of the finite values, with c about one of them;
 * then uint32 [2 × 64]: how many negative values have the bin first, first + 1 …, and how many others. A value's
 * bin is the 11 upper bits behind its sign; `first` is 8 octaves below the end of the largest's octave. What is
 * below 2⁻¹²⁹ in size counts as 0. Saturated is what is at most `below` or at least `above`; −∞ and ∞ for what
 * cannot be.
 */
export function measure(
  count: u32,
  x: usize,
  minus: usize,
  below: f32,
  above: f32,
  scratch: usize,
  to: usize,
): void {
  memory.fill(to, 0, NUMBERS + 2 * TOLD * 4);
  if (count == 0) return;
  memory.fill(scratch, 0, HISTOGRAM);
  if (minus != 0) measureWith<u32>(count, x, minus, below, above, scratch, to);
  else if (below > -Infinity || above < Infinity) measureWith<u16>(count, x, minus, below, above, scratch, to);
  else measureWith<u8>(count, x, minus, below, above, scratch, to);
  settle(count, scratch, to);
  tell(scratch, to);
}

function measureWith<Terms>(
  count: u32,
  x: usize,
  minus: usize,
  below: f32,
  above: f32,
  bins: usize,
  to: usize,
): void {
  const first = valueAt<Terms>(x, minus);
  const center: f32 = isFinite(first) ? first : 0;
  store<f64>(to, <f64>center, CENTER);
  store<f64>(to, Infinity, LEAST);
  store<f64>(to, -Infinity, GREATEST);
  const c = f32x4.splat(center);
  const low = f32x4.splat(below);
  const high = f32x4.splat(above);
  const allBins = i32x4.splat(<i32>bins);
  let saturated = i32x4.splat(0);
  const end = x + (<usize>count << 2);
  const whole = x + ((<usize>count >> 2) << 4);
  while (x < whole) {
    const block = x;
    const stop = min(x + BLOCK, whole);
    let sums = f32x4.splat(0);
    let products = f32x4.splat(0);
    let least = f32x4.splat(Infinity);
    let greatest = f32x4.splat(-Infinity);
    for (; x < stop; x += 16) {
      let v = v128.load(x);
      if (sizeof<Terms>() == 4) {
        v = f32x4.sub(v, v128.load(minus));
        minus += 16;
      }
      const d = f32x4.sub(v, c);
      sums = f32x4.add(sums, d);
      products = multiplyAdd(d, d, products);
      // The second operand if it is less, or greater, than the first: NaN is neither.
      least = f32x4.pmin(least, v);
      greatest = f32x4.pmax(greatest, v);
      if (sizeof<Terms>() == 2) {
        saturated = i32x4.sub(saturated, v128.or(f32x4.le(v, low), f32x4.ge(v, high)));
      }
      const places = i32x4.add(allBins, i32x4.shl(i32x4.shr_u(v, DROPPED_BITS), 2));
      const two = i64x2.extract_lane(places, 0);
      const others = i64x2.extract_lane(places, 1);
      increment(<usize>(<u32>two));
      increment(<usize>(two >>> 32));
      increment(<usize>(<u32>others));
      increment(<usize>(others >>> 32));
    }
    const product = laneSum(products);
    if (isFinite(product)) {
      add(to, SUM, laneSum(sums));
      add(to, SQUARES, product);
      extendDown(to, laneLeast(least));
      extendUp(to, laneGreatest(greatest));
    } else {
      const bytes = stop - block;
      for (let i: usize = 0; i < bytes; i += 4) {
        addValue(valueAt<Terms>(block + i, minus - bytes + i), center, to);
      }
    }
  }
  for (; x < end; x += 4, minus += 4) {
    const value = valueAt<Terms>(x, minus);
    addValue(value, center, to);
    if (value <= below || value >= above) add(to, SATURATED, 1);
    increment(bins + <usize>((reinterpret<u32>(value) >> DROPPED_BITS) << 2));
  }
  add(to, SATURATED, laneCount(saturated));
}

// @ts-ignore: decorator
@inline
function valueAt<Terms>(x: usize, minus: usize): f32 {
  return sizeof<Terms>() == 4 ? load<f32>(x) - load<f32>(minus) : load<f32>(x);
}

/** To the sums and extremes, in float64: squares above 2¹²⁸ are none in float32. */
function addValue(value: f32, center: f32, to: usize): void {
  if (!isFinite(value)) return;
  const d = <f64>value - <f64>center;
  add(to, SUM, d);
  add(to, SQUARES, d * d);
  extendDown(to, value);
  extendUp(to, value);
}

/** Counts what is not finite, and 0, as which −0 and what is as small count too. */
function settle(count: u32, positive: usize, to: usize): void {
  const negative = positive + HISTOGRAM / 2;
  const infinite = load<u32>(positive + INFINITY) + load<u32>(negative + INFINITY);
  let nan: u32 = 0;
  for (let bin = INFINITY + 4; bin < HISTOGRAM / 2; bin += 4) {
    nan += load<u32>(positive + bin) + load<u32>(negative + bin);
  }
  const zero = load<u32>(positive) + load<u32>(negative);
  store<u32>(positive, zero);
  store<u32>(negative, 0);
  store<f64>(to, <f64>(count - nan - infinite), FINITE);
  store<f64>(to, <f64>nan, NAN);
  store<f64>(to, <f64>infinite, INFINITE);
  store<f64>(to, <f64>zero, ZERO);
}

/** Copies the bins that are told apart. */
function tell(positive: usize, to: usize): void {
  const least = <f32>load<f64>(to, LEAST);
  const greatest = <f32>load<f64>(to, GREATEST);
  if (least > greatest) return;
  const largest = max(-least, greatest);
  const octaves = (reinterpret<u32>(largest) >> DROPPED_BITS) / OCTAVE + 1;
  const first = octaves > TOLD / OCTAVE ? octaves * OCTAVE - TOLD : 0;
  store<f64>(to, <f64>first, FIRST);
  const from = positive + (<usize>first << 2);
  memory.copy(to + NUMBERS, from + HISTOGRAM / 2, TOLD * 4);
  memory.copy(to + NUMBERS + TOLD * 4, from, TOLD * 4);
}

// @ts-ignore: decorator
@inline
function add(to: usize, place: usize, value: f64): void {
  store<f64>(to + place, load<f64>(to + place) + value);
}

// @ts-ignore: decorator
@inline
function extendDown(to: usize, value: f32): void {
  store<f64>(to, min(load<f64>(to, LEAST), <f64>value), LEAST);
}

// @ts-ignore: decorator
@inline
function extendUp(to: usize, value: f32): void {
  store<f64>(to, max(load<f64>(to, GREATEST), <f64>value), GREATEST);
}

// @ts-ignore: decorator
@inline
function increment(bin: usize): void {
  store<u32>(bin, load<u32>(bin) + 1);
}

// @ts-ignore: decorator
@inline
function laneLeast(v: v128): f32 {
  const left = min(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1));
  return min(left, min(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
}

// @ts-ignore: decorator
@inline
function laneGreatest(v: v128): f32 {
  const left = max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1));
  return max(left, max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
}

// @ts-ignore: decorator
@inline
function laneCount(v: v128): f64 {
  return <f64>(
    (<u64>(<u32>i32x4.extract_lane(v, 0)) + <u64>(<u32>i32x4.extract_lane(v, 1))) +
    (<u64>(<u32>i32x4.extract_lane(v, 2)) + <u64>(<u32>i32x4.extract_lane(v, 3)))
  );
}

/** Adds to `to`'s saturated how many of x[count] are at most `below`: for what saturates by its input. */
export function measureSaturation(count: u32, x: usize, below: f32, to: usize): void {
  let saturated: u32 = 0;
  for (const end = x + (<usize>count << 2); x < end; x += 4) {
    if (load<f32>(x) <= below) saturated++;
  }
  add(to, SATURATED, <f64>saturated);
}

/** active[units] ← active + how many of y[rows × units] are above 0, uint32 each. */
export function countActive(rows: u32, units: u32, y: usize, active: usize): void {
  const zero = f32x4.splat(0);
  const bytes: usize = <usize>units << 2;
  for (let i: u32 = 0; i < rows; i++, y += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      v128.store(active + j, i32x4.sub(v128.load(active + j), f32x4.gt(v128.load(y + j), zero)));
    }
    for (; j < bytes; j += 4) {
      if (load<f32>(y + j) > 0) store<u32>(active + j, load<u32>(active + j) + 1);
    }
  }
}
