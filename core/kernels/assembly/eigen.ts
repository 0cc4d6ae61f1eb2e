// The loops of a symmetric eigenproblem in float64: Householder's reduction to tridiagonal form and
// the rotations of the QL method (Golub and Van Loan: Matrix Computations, 8.3). Matrices are
// row-major [n × n]; all loops run along rows. `training/eigen.ts` says what they are called for.

/** a · b + c, lane by lane. */
// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** Σ xᵢyᵢ in four lanes. */
function dot(bytes: usize, x: usize, y: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let j: usize = 0;
  for (; j + 32 <= bytes; j += 32) {
    even = multiplyAdd(v128.load(x + j), v128.load(y + j), even);
    odd = multiplyAdd(v128.load(x + j, 16), v128.load(y + j, 16), odd);
  }
  const sums = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; j < bytes; j += 8) sum += load<f64>(x + j) * load<f64>(y + j);
  return sum;
}

/** p = A v for the symmetric A[length × length] of which the lower half is stored. */
export function symmetricProduct(length: u32, n: u32, a: usize, v: usize, p: usize): void {
  memory.fill(p, 0, <usize>length << 3);
  for (let i: u32 = 0; i < length; i++) {
    const row = a + <usize>i * n * 8;
    const bytes = <usize>i << 3;
    const vi = load<f64>(v + bytes);
    const factor = f64x2.splat(vi);
    let sums = f64x2.splat(0);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const values = v128.load(row + j);
      sums = multiplyAdd(values, v128.load(v + j), sums);
      v128.store(p + j, multiplyAdd(values, factor, v128.load(p + j)));
    }
    let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    for (; j < bytes; j += 8) {
      const value = load<f64>(row + j);
      sum += value * load<f64>(v + j);
      store<f64>(p + j, load<f64>(p + j) + value * vi);
    }
    store<f64>(p + bytes, load<f64>(p + bytes) + sum + load<f64>(row + bytes) * vi);
  }
}

/** A −= v qᵀ + q vᵀ in the lower half. */
export function rankTwoUpdate(length: u32, n: u32, a: usize, v: usize, q: usize): void {
  for (let i: u32 = 0; i < length; i++) {
    const row = a + <usize>i * n * 8;
    const bytes = (<usize>i + 1) << 3;
    const vi = -load<f64>(v + (<usize>i << 3));
    const qi = -load<f64>(q + (<usize>i << 3));
    const byQ = f64x2.splat(vi);
    const byV = f64x2.splat(qi);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const partial = multiplyAdd(byQ, v128.load(q + j), v128.load(row + j));
      v128.store(row + j, multiplyAdd(byV, v128.load(v + j), partial));
    }
    for (; j < bytes; j += 8) {
      const value = load<f64>(row + j) + vi * load<f64>(q + j) + qi * load<f64>(v + j);
      store<f64>(row + j, value);
    }
  }
}

/**
 * z ← z − (z·v / h) v for each row z of Z above row `to` and each reflection `from` ≤ i < `to`: its
 * vector v, of length i, is row i of A, and h[i] = ½|v|², 0 where nothing was reflected.
 */
export function reflectRows(from: u32, to: u32, n: u32, a: usize, h: usize, z: usize): void {
  for (let row: u32 = 0; row < to; row++) {
    const values = z + <usize>row * n * 8;
    for (let i: u32 = max(from, row + 1); i < to; i++) {
      const half = load<f64>(h + (<usize>i << 3));
      if (half == 0) continue;
      const v = a + <usize>i * n * 8;
      const bytes = <usize>i << 3;
      const factor = -dot(bytes, values, v) / half;
      const factors = f64x2.splat(factor);
      let j: usize = 0;
      for (; j + 16 <= bytes; j += 16) {
        v128.store(values + j, multiplyAdd(factors, v128.load(v + j), v128.load(values + j)));
      }
      for (; j < bytes; j += 8) {
        store<f64>(values + j, load<f64>(values + j) + factor * load<f64>(v + j));
      }
    }
  }
}

/** Bytes of a row that are rotated before the next ones, so that they stay in the nearest cache. */
const BLOCK: usize = 1024;

/**
 * Rotates the rows i and i + 1 of Z[rows × n] for i = last − 1 down to first, with the cosine and
 * sine at cs[2i], cs[2i + 1]: (zᵢ, zᵢ₊₁) ← (c zᵢ − s zᵢ₊₁, s zᵢ + c zᵢ₊₁).
 */
export function rotateRows(first: u32, last: u32, n: u32, cs: usize, z: usize): void {
  const stride = <usize>n << 3;
  for (let start: usize = 0; start < stride; start += BLOCK) {
    const end = min(start + BLOCK, stride);
    for (let i: u32 = last; i-- > first; ) {
      const c = load<f64>(cs + (<usize>i << 4));
      const s = load<f64>(cs + (<usize>i << 4), 8);
      const cosines = f64x2.splat(c);
      const sines = f64x2.splat(s);
      const minusSines = f64x2.splat(-s);
      const low = z + <usize>i * stride;
      const high = low + stride;
      let j = start;
      for (; j + 16 <= end; j += 16) {
        const x = v128.load(low + j);
        const y = v128.load(high + j);
        v128.store(low + j, multiplyAdd(cosines, x, f64x2.mul(minusSines, y)));
        v128.store(high + j, multiplyAdd(sines, x, f64x2.mul(cosines, y)));
      }
      for (; j < end; j += 8) {
        const x = load<f64>(low + j);
        const y = load<f64>(high + j);
        store<f64>(low + j, c * x - s * y);
        store<f64>(high + j, s * x + c * y);
      }
    }
  }
}

/** to[count] (float64) += from[count] (float32). */
export function addWidened(count: u32, from: usize, to: usize): void {
  let i: u32 = 0;
  for (; i + 2 <= count; i += 2) {
    const wide = f64x2.promote_low_f32x4(v128.load64_zero(from + (<usize>i << 2)));
    const at = to + (<usize>i << 3);
    v128.store(at, f64x2.add(v128.load(at), wide));
  }
  for (; i < count; i++) {
    const at = to + (<usize>i << 3);
    store<f64>(at, load<f64>(at) + <f64>load<f32>(from + (<usize>i << 2)));
  }
}
