// What is measured of a tensor, in one pass over its values.
import { laneSum, multiplyAdd } from './simd';

/** Floats summed in float32 before they are added to the float64 total. */
const BLOCK: usize = 1024 * 4;
/** Bytes of the numbers, which stand before the histogram. */
const NUMBERS: usize = 128;
/** Counts for the upper 12 bits of a float: its sign, its exponent and three bits of its fraction. */
const HISTOGRAM: usize = 4096 * 4;
const DROPPED_BITS: i32 = 20;
/** Below so many values it takes longer to clear and add four histograms than to wait for one. */
const FEW: u32 = 4096;

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

/** Bytes of what `measure` writes. */
export function measurementBytes(): usize {
  return NUMBERS + HISTOGRAM;
}

/** Bytes of working memory that `measure` needs. */
export function measureScratchBytes(): usize {
  return 4 * HISTOGRAM;
}

// The type argument Terms selects a variant at compile time: u8 measures x, u16 also what of it is
// saturated, u32 measures x − minus.

/**
 * Of x[count], or of x − minus where `minus` is not 0. Writes float64 [finite, NaN, infinite, zero,
 * saturated, c, Σ (x−c), Σ (x−c)², min, max]: counts, then of the finite values, with c about one of them; then
 * uint32 [4096]: how many finite values have these upper 12 bits, −0 as 0. Saturated is what is at most
 * `below` or at least `above`; −∞ and ∞ for what cannot be.
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
  memory.fill(to, 0, NUMBERS);
  if (count == 0) return;
  memory.fill(to + NUMBERS, 0, HISTOGRAM);
  // An increment waits for the one before it in the same bin: so each lane has bins of its own.
  const apart = count >= FEW;
  if (apart) memory.fill(scratch, 0, 4 * HISTOGRAM);
  const bins = apart ? scratch : to + NUMBERS;
  const stride: usize = apart ? HISTOGRAM : 0;
  if (minus != 0) measureWith<u32>(count, x, minus, below, above, bins, stride, to);
  else if (below > -Infinity || above < Infinity)
    measureWith<u16>(count, x, minus, below, above, bins, stride, to);
  else measureWith<u8>(count, x, minus, below, above, bins, stride, to);
  if (apart) addHistograms(scratch, to + NUMBERS);
}

function measureWith<Terms>(
  count: u32,
  x: usize,
  minus: usize,
  below: f32,
  above: f32,
  bins: usize,
  stride: usize,
  to: usize,
): void {
  const first = valueAt<Terms>(x, minus);
  const center: f32 = isFinite(first) ? first : 0;
  store<f64>(to, <f64>center, CENTER);
  store<f64>(to, Infinity, LEAST);
  store<f64>(to, -Infinity, GREATEST);
  const c = f32x4.splat(center);
  const zero = f32x4.splat(0);
  const low = f32x4.splat(below);
  const high = f32x4.splat(above);
  const exponent = i32x4.splat(0x7f800000);
  const bins1 = bins + stride;
  const bins2 = bins1 + stride;
  const bins3 = bins2 + stride;
  let least = f32x4.splat(Infinity);
  let greatest = f32x4.splat(-Infinity);
  let zeros = i32x4.splat(0);
  let saturated = i32x4.splat(0);
  let finite: u32 = 0;
  let sum: f64 = 0;
  let squares: f64 = 0;
  const end = x + (<usize>count << 2);
  const whole = x + ((<usize>count >> 2) << 4);
  while (x < whole) {
    const start = x;
    const stop = min(x + BLOCK, whole);
    let sums = zero;
    let products = zero;
    for (; x < stop; x += 16) {
      let v = v128.load(x);
      if (sizeof<Terms>() == 4) {
        v = f32x4.sub(v, v128.load(minus));
        minus += 16;
      }
      // −0 + 0 = 0
      v = f32x4.add(v, zero);
      if (v128.any_true(i32x4.eq(v128.and(v, exponent), exponent))) {
        addValue(f32x4.extract_lane(v, 0), center, below, above, bins, to);
        addValue(f32x4.extract_lane(v, 1), center, below, above, bins, to);
        addValue(f32x4.extract_lane(v, 2), center, below, above, bins, to);
        addValue(f32x4.extract_lane(v, 3), center, below, above, bins, to);
        continue;
      }
      const d = f32x4.sub(v, c);
      sums = f32x4.add(sums, d);
      products = multiplyAdd(d, d, products);
      least = f32x4.pmin(least, v);
      greatest = f32x4.pmax(greatest, v);
      zeros = i32x4.sub(zeros, f32x4.eq(v, zero));
      if (sizeof<Terms>() == 2) {
        saturated = i32x4.sub(saturated, v128.or(f32x4.le(v, low), f32x4.ge(v, high)));
      }
      const bin = i32x4.shl(i32x4.shr_u(v, DROPPED_BITS), 2);
      increment(bins + <usize>i32x4.extract_lane(bin, 0));
      increment(bins1 + <usize>i32x4.extract_lane(bin, 1));
      increment(bins2 + <usize>i32x4.extract_lane(bin, 2));
      increment(bins3 + <usize>i32x4.extract_lane(bin, 3));
      finite += 4;
    }
    const product = laneSum(products);
    if (isFinite(product)) {
      sum += laneSum(sums);
      squares += product;
    } else {
      addSums<Terms>(start, minus - (stop - start), stop - start, center, to);
    }
  }
  for (; x < end; x += 4, minus += 4) {
    addValue(valueAt<Terms>(x, minus) + 0, center, below, above, bins, to);
  }
  add(to, FINITE, finite);
  add(to, ZERO, laneCount(zeros));
  add(to, SATURATED, laneCount(saturated));
  add(to, SUM, sum);
  add(to, SQUARES, squares);
  const smallest = f32x4.pmin(least, i8x16.shuffle(least, least, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  const largest = f32x4.pmax(greatest, i8x16.shuffle(greatest, greatest, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  extendDown(to, min(f32x4.extract_lane(smallest, 0), f32x4.extract_lane(smallest, 1)));
  extendUp(to, max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)));
}

// @ts-ignore: decorator
@inline
function valueAt<Terms>(x: usize, minus: usize): f32 {
  return sizeof<Terms>() == 4 ? load<f32>(x) - load<f32>(minus) : load<f32>(x);
}

/** Σ d and Σ d² of a block in float64: squares above 2¹²⁸ are none in float32. */
function addSums<Terms>(x: usize, minus: usize, bytes: usize, center: f32, to: usize): void {
  for (let i: usize = 0; i < bytes; i += 4) {
    const value = valueAt<Terms>(x + i, minus + i);
    // Such a vector of values has been counted by itself.
    if (!allFinite<Terms>(x + (i & ~15), minus + (i & ~15))) continue;
    const d = <f64>value - <f64>center;
    add(to, SUM, d);
    add(to, SQUARES, d * d);
  }
}

/** Whether all four values of a vector are finite. */
function allFinite<Terms>(x: usize, minus: usize): bool {
  for (let i: usize = 0; i < 16; i += 4) if (!isFinite(valueAt<Terms>(x + i, minus + i))) return false;
  return true;
}

/** One value: of the last few, and near those that are not finite. */
function addValue(value: f32, center: f32, below: f32, above: f32, bins: usize, to: usize): void {
  if (isNaN(value)) return add(to, NAN, 1);
  if (!isFinite(value)) return add(to, INFINITE, 1);
  const d = <f64>value - <f64>center;
  add(to, FINITE, 1);
  add(to, SUM, d);
  add(to, SQUARES, d * d);
  if (value == 0) add(to, ZERO, 1);
  if (value <= below || value >= above) add(to, SATURATED, 1);
  extendDown(to, value);
  extendUp(to, value);
  increment(bins + <usize>((reinterpret<u32>(value) >> DROPPED_BITS) << 2));
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
function laneCount(v: v128): f64 {
  return <f64>(
    (<u64>(<u32>i32x4.extract_lane(v, 0)) + <u64>(<u32>i32x4.extract_lane(v, 1))) +
    (<u64>(<u32>i32x4.extract_lane(v, 2)) + <u64>(<u32>i32x4.extract_lane(v, 3)))
  );
}

/** The four histograms of the lanes, added. */
function addHistograms(from: usize, to: usize): void {
  for (const end = to + HISTOGRAM; to < end; to += 16, from += 16) {
    const left = i32x4.add(v128.load(from), v128.load(from + HISTOGRAM));
    const right = i32x4.add(v128.load(from + 2 * HISTOGRAM), v128.load(from + 3 * HISTOGRAM));
    v128.store(to, i32x4.add(left, right));
  }
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
