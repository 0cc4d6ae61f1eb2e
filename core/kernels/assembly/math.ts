// Our own exp, tanh and log: the same bits on every host, unlike the JavaScript engine's.
// NaN goes through; overflow gives Infinity, underflow 0.
import { multiplyAdd } from './simd';

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** q(r) ≈ eʳ − 1 for |r| ≤ ln 2 / 2 (minimax polynomial of Cephes' expf). */
// @ts-ignore: decorator
@inline
function expm1Reduced(r: v128): v128 {
  let p = splat(1.9875691500e-4);
  p = multiplyAdd(p, r, splat(1.3981999507e-3));
  p = multiplyAdd(p, r, splat(8.3334519073e-3));
  p = multiplyAdd(p, r, splat(4.1665795894e-2));
  p = multiplyAdd(p, r, splat(1.6666665459e-1));
  p = multiplyAdd(p, r, splat(5.0000001201e-1));
  return multiplyAdd(p, f32x4.mul(r, r), r);
}

/** 1.5 · 2²³: a float so large that adding it leaves no fraction; the integer is then in the low bits. */
const ROUNDER: f32 = 12582912;

/** x / ln 2 rounded to the nearest integer, plus ROUNDER. Some fewer instructions than `nearest`. */
// @ts-ignore: decorator
@inline
function roundedExponent(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, splat(1.44269504088896341)), splat(ROUNDER));
}

/** That integer as a float. */
// @ts-ignore: decorator
@inline
function wholeOf(rounded: v128): v128 {
  return f32x4.sub(rounded, splat(ROUNDER));
}

/** x within the range of float32's exp. A NaN stays: pmin and pmax give their first operand then. */
// @ts-ignore: decorator
@inline
function clampExponent(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-104));
}

/** r = x − n ln 2, with ln 2 in two parts (Cody and Waite). */
// @ts-ignore: decorator
@inline
function reduced(x: v128, n: v128): v128 {
  return multiplyAdd(n, splat(2.12194440e-4), multiplyAdd(n, splat(-0.693359375), x));
}

/** y 2ⁿ in two factors, so that neither overflows before the product does. */
// @ts-ignore: decorator
@inline
function scaleByPower(y: v128, rounded: v128): v128 {
  const whole = i32x4.sub(rounded, splat(ROUNDER));
  const half = i32x4.shr_s(whole, 1);
  const rest = i32x4.sub(whole, half);
  const bias = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, bias), 23);
  const second = i32x4.shl(i32x4.add(rest, bias), 23);
  return f32x4.mul(f32x4.mul(y, first), second);
}

/** eˣ, within 2 units in the last place. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const kept = clampExponent(x);
  const n = roundedExponent(kept);
  return scaleByPower(f32x4.add(expm1Reduced(reduced(kept, wholeOf(n))), splat(1)), n);
}

/** eˣ − 1, exact near 0 where eˣ − 1 would cancel. */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  const kept = clampExponent(x);
  const n = roundedExponent(kept);
  const q = expm1Reduced(reduced(kept, wholeOf(n)));
  const far = f32x4.sub(scaleByPower(f32x4.add(q, splat(1)), n), splat(1));
  return v128.bitselect(q, far, f32x4.eq(n, splat(ROUNDER)));
}

/** log(1 + x) for 0 ≤ x ≤ 1, within 2 units in the last place: x times a polynomial fitted to log(1 + x) / x. */
// @ts-ignore: decorator
@inline
export function log1pUnit(x: v128): v128 {
  let p = splat(5.1058258002e-3);
  p = multiplyAdd(p, x, splat(-2.8991956392e-2));
  p = multiplyAdd(p, x, splat(7.7380738383e-2));
  p = multiplyAdd(p, x, splat(-1.3590600236e-1));
  p = multiplyAdd(p, x, splat(1.9071309584e-1));
  p = multiplyAdd(p, x, splat(-2.4833945457e-1));
  p = multiplyAdd(p, x, splat(3.3317934322e-1));
  p = multiplyAdd(p, x, splat(-4.9999435691e-1));
  return f32x4.mul(x, multiplyAdd(p, x, splat(9.9999996516e-1)));
}

/**
 * e^(−x²/2) for |x| ≤ 20, also far out: x² in two parts, of which the first is exact, because the
 * rounding of x² alone would cost as many units in the last place as x² counts.
 */
// @ts-ignore: decorator
@inline
export function bell(x: v128): v128 {
  const high = v128.and(x, i32x4.splat(0xfffff000));
  const low = f32x4.mul(f32x4.mul(f32x4.sub(high, x), f32x4.add(high, x)), splat(0.5));
  const kept = clampExponent(f32x4.mul(f32x4.mul(high, high), splat(-0.5)));
  const n = roundedExponent(kept);
  const r = f32x4.add(reduced(kept, wholeOf(n)), low);
  return scaleByPower(f32x4.add(expm1Reduced(r), splat(1)), n);
}

/**
 * Φ(x) = (1 + erf(x/√2)) / 2, the normal distribution, from `tail` = e^(−x²/2). Exact (to some units in
 * the last place) on both sides: Φ(−|x|) = e^(−x²/2) · t P(t) with t = 1 / (1 + 0.35 |x|), P fitted to
 * erfc; where 1 + erf would cancel nothing is added.
 */
// @ts-ignore: decorator
@inline
export function normalDistribution(x: v128, tail: v128): v128 {
  const t = f32x4.div(splat(1), multiplyAdd(f32x4.abs(x), splat(0.35), splat(1)));
  let p = splat(-2.9540398774e-2);
  p = multiplyAdd(p, t, splat(1.4583452271e-1));
  p = multiplyAdd(p, t, splat(-2.5943072820e-1));
  p = multiplyAdd(p, t, splat(1.6324932244e-1));
  p = multiplyAdd(p, t, splat(-2.5784250701e-2));
  p = multiplyAdd(p, t, splat(1.0657866421e-1));
  p = multiplyAdd(p, t, splat(1.1957873788e-1));
  p = multiplyAdd(p, t, splat(1.3989442524e-1));
  p = multiplyAdd(p, t, splat(1.3961968669e-1));
  const below = f32x4.mul(tail, f32x4.mul(t, p));
  return v128.bitselect(below, f32x4.sub(splat(1), below), f32x4.lt(x, splat(0)));
}

/** 1 / (1 + e⁻ˣ). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(splat(1), f32x4.add(splat(1), exp(f32x4.neg(x))));
}

/** tanh x: Cephes' polynomial near 0, 1 − 2 / (e^{2|x|} + 1) beyond. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = splat(-5.70498872745e-3);
  p = multiplyAdd(p, z, splat(2.06390887954e-2));
  p = multiplyAdd(p, z, splat(-5.37397155531e-2));
  p = multiplyAdd(p, z, splat(1.33314422036e-1));
  p = multiplyAdd(p, z, splat(-3.33332819422e-1));
  const near = multiplyAdd(f32x4.mul(p, z), x, x);
  const far = f32x4.sub(
    splat(1),
    f32x4.div(splat(2), f32x4.add(exp(f32x4.add(size, size)), splat(1))),
  );
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, splat(0.625)));
}

/** Natural logarithm in float64, for x ≥ 0 (the algorithm of fdlibm's e_log). */
export function log(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  let exponent: i32 = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0; // 2^54
    exponent = -54;
  }
  let bits = reinterpret<u64>(x);
  let high = <i32>(bits >> 32);
  exponent += (high >> 20) - 1023;
  high &= 0x000fffff;
  // Keep x within [√2/2, √2).
  const carry = (high + 0x95f64) & 0x100000;
  bits = (<u64>(high | (carry ^ 0x3ff00000)) << 32) | (bits & 0xffffffff);
  exponent += carry >> 20;
  const f = reinterpret<f64>(bits) - 1.0;
  const k = <f64>exponent;
  const s = f / (2.0 + f);
  const z = s * s;
  const w = z * z;
  const odd =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const even =
    z *
    (6.66666666666673513e-1 +
      w *
        (2.857142874366239149e-1 +
          w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const halfSquare = 0.5 * f * f;
  return (
    k * 6.93147180369123816490e-1 -
    (halfSquare - (s * (halfSquare + odd + even) + k * 1.90821492927058770002e-10) - f)
  );
}
