// Batch normalization (Ioffe and Szegedy 2015) of x[rows × channels], forward and backward. Sums over the
// rows are made in parts, as channels.ts says.
import { storeLanes } from './channels';
import { multiplyAdd } from './simd';

/**
 * Of a part: means[channels] = μ, squares[channels] = Σ (x − μ)². In two passes over the part, which
 * stays in the cache: about the mean nothing cancels. What rounding left of the first mean, the second
 * pass corrects.
 */
export function batchMoments(
  rows: u32,
  channels: u32,
  width: u32,
  x: usize,
  means: usize,
  squares: usize,
): void {
  const stride: usize = <usize>width << 2;
  const end = <usize>rows * stride;
  const four = stride << 2;
  const count = f64x2.splat(<f64>rows);
  let c: u32 = 0;
  for (; c + 4 <= channels; c += 4, x += 16, means += 32, squares += 32) {
    // Four sums at a time: one alone would wait for each addition.
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let i: usize = 0;
    for (; i + four <= end; i += four) {
      const at = x + i;
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at + stride));
      s2 = f32x4.add(s2, v128.load(at + 2 * stride));
      s3 = f32x4.add(s3, v128.load(at + 3 * stride));
    }
    for (; i < end; i += stride) s0 = f32x4.add(s0, v128.load(x + i));
    const center = f32x4.div(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.splat(<f32>rows));
    let r0 = f32x4.splat(0);
    let r1 = r0;
    let q0 = r0;
    let q1 = r0;
    const two = stride << 1;
    for (i = 0; i + two <= end; i += two) {
      const a = f32x4.sub(v128.load(x + i), center);
      const b = f32x4.sub(v128.load(x + i + stride), center);
      r0 = f32x4.add(r0, a);
      r1 = f32x4.add(r1, b);
      q0 = multiplyAdd(a, a, q0);
      q1 = multiplyAdd(b, b, q1);
    }
    if (i < end) {
      const a = f32x4.sub(v128.load(x + i), center);
      r0 = f32x4.add(r0, a);
      q0 = multiplyAdd(a, a, q0);
    }
    storeLanes(means, f32x4.add(r0, r1));
    storeLanes(squares, f32x4.add(q0, q1));
    for (let k: usize = 0; k < 32; k += 16) {
      const rest = v128.load(means + k);
      const shift = f64x2.div(rest, count);
      const lanes = k == 0 ? center : v128.shuffle<i64>(center, center, 1, 1);
      v128.store(means + k, f64x2.add(f64x2.promote_low_f32x4(lanes), shift));
      v128.store(squares + k, f64x2.sub(v128.load(squares + k), f64x2.mul(rest, shift)));
    }
  }
  for (; c < channels; c++, x += 4, means += 8, squares += 8) {
    let sum: f64 = 0;
    for (let i: usize = 0; i < end; i += stride) sum += <f64>load<f32>(x + i);
    const mean = sum / <f64>rows;
    let square: f64 = 0;
    for (let i: usize = 0; i < end; i += stride) {
      const a = <f64>load<f32>(x + i) - mean;
      square += a * a;
    }
    store<f64>(means, mean);
    store<f64>(squares, square);
  }
}

/**
 * The whole batch's mean, 1/√(σ² + ε) and unbiased variance from `parts` of `rowsInPart` rows each, the last
 * one with what remains of `rows` (Chan, Golub and LeVeque 1983). A part is [means, squares], float64.
 */
export function combineMoments(
  parts: u32,
  rowsInPart: u32,
  rows: u32,
  channels: u32,
  epsilon: f64,
  moments: usize,
  mean: usize,
  inverse: usize,
  variance: usize,
): void {
  const bytes: usize = <usize>channels << 3;
  for (let c: u32 = 0; c < channels; c++, moments += 8, mean += 4, inverse += 4, variance += 4) {
    let center = load<f64>(moments);
    let square = load<f64>(moments + bytes);
    let seen = min<u32>(rowsInPart, rows);
    let at = moments + 2 * bytes;
    for (let p: u32 = 1; p < parts; p++, at += 2 * bytes) {
      const more = min<u32>(rowsInPart, rows - seen);
      const apart = load<f64>(at) - center;
      const share = <f64>more / <f64>(seen + more);
      center += apart * share;
      square += load<f64>(at + bytes) + apart * apart * <f64>seen * share;
      seen += more;
    }
    store<f32>(mean, <f32>center);
    store<f32>(inverse, <f32>(1 / sqrt<f64>(square / <f64>rows + epsilon)));
    store<f32>(variance, <f32>(square / <f64>(rows - 1)));
  }
}

/** inverse = 1/√(variance + ε). */
export function inverseDeviation(
  channels: u32,
  epsilon: f32,
  variance: usize,
  inverse: usize,
): void {
  const e = f32x4.splat(epsilon);
  const one = f32x4.splat(1);
  for (const end = variance + (<usize>channels << 2); variance < end; variance += 16, inverse += 16) {
    v128.store(inverse, f32x4.div(one, f32x4.sqrt(f32x4.add(v128.load(variance), e))));
  }
}

/** y = γ (x − μ) · inverse + β. */
export function normalize(
  rows: u32,
  channels: u32,
  x: usize,
  mean: usize,
  inverse: usize,
  scale: usize,
  shift: usize,
  y: usize,
): void {
  const bytes: usize = <usize>channels << 2;
  for (let i: u32 = 0; i < rows; i++, x += bytes, y += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const factor = f32x4.mul(v128.load(inverse + j), v128.load(scale + j));
      const centered = f32x4.sub(v128.load(x + j), v128.load(mean + j));
      v128.store(y + j, multiplyAdd(centered, factor, v128.load(shift + j)));
    }
    for (; j < bytes; j += 4) {
      const factor = load<f32>(inverse + j) * load<f32>(scale + j);
      store<f32>(y + j, (load<f32>(x + j) - load<f32>(mean + j)) * factor + load<f32>(shift + j));
    }
  }
}

/** Of a part: sums[channels] = Σ dy, products[channels] = Σ dy (x − μ). */
export function normalizeSums(
  rows: u32,
  channels: u32,
  width: u32,
  x: usize,
  mean: usize,
  dy: usize,
  sums: usize,
  products: usize,
): void {
  const stride: usize = <usize>width << 2;
  const end = <usize>rows * stride;
  const two = stride << 1;
  let c: u32 = 0;
  for (; c + 4 <= channels; c += 4, x += 16, mean += 16, dy += 16, sums += 32, products += 32) {
    const center = v128.load(mean);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let p0 = s0;
    let p1 = s0;
    let i: usize = 0;
    for (; i + two <= end; i += two) {
      const a = v128.load(dy + i);
      const b = v128.load(dy + i + stride);
      s0 = f32x4.add(s0, a);
      s1 = f32x4.add(s1, b);
      p0 = multiplyAdd(a, f32x4.sub(v128.load(x + i), center), p0);
      p1 = multiplyAdd(b, f32x4.sub(v128.load(x + i + stride), center), p1);
    }
    if (i < end) {
      const a = v128.load(dy + i);
      s0 = f32x4.add(s0, a);
      p0 = multiplyAdd(a, f32x4.sub(v128.load(x + i), center), p0);
    }
    storeLanes(sums, f32x4.add(s0, s1));
    storeLanes(products, f32x4.add(p0, p1));
  }
  for (; c < channels; c++, x += 4, mean += 4, dy += 4, sums += 8, products += 8) {
    const center = <f64>load<f32>(mean);
    let sum: f64 = 0;
    let product: f64 = 0;
    for (let i: usize = 0; i < end; i += stride) {
      const d = <f64>load<f32>(dy + i);
      sum += d;
      product += d * (<f64>load<f32>(x + i) - center);
    }
    store<f64>(sums, sum);
    store<f64>(products, product);
  }
}

/**
 * From `parts` of [Σ dy, Σ dy (x − μ)], float64: dβ = Σ dy, dγ = Σ dy x̂, and the three factors a channel of
 * dx = a dy − b (x − μ) − c: a = γ inverse, b = a inverse dγ / rows, c = a dβ / rows.
 */
export function combineGradients(
  parts: u32,
  rows: u32,
  channels: u32,
  gradients: usize,
  inverse: usize,
  scale: usize,
  dScale: usize,
  dShift: usize,
  factors: usize,
): void {
  const bytes: usize = <usize>channels << 3;
  const next: usize = <usize>channels << 2;
  for (let c: u32 = 0; c < channels; c++, gradients += 8) {
    let sum: f64 = 0;
    let product: f64 = 0;
    let at = gradients;
    for (let p: u32 = 0; p < parts; p++, at += 2 * bytes) {
      sum += load<f64>(at);
      product += load<f64>(at + bytes);
    }
    const k: usize = <usize>c << 2;
    const inverted = <f64>load<f32>(inverse + k);
    const a = <f64>load<f32>(scale + k) * inverted;
    store<f32>(dShift + k, <f32>sum);
    store<f32>(dScale + k, <f32>(product * inverted));
    store<f32>(factors + k, <f32>a);
    store<f32>(factors + next + k, <f32>((a * inverted * inverted * product) / <f64>rows));
    store<f32>(factors + 2 * next + k, <f32>((a * sum) / <f64>rows));
  }
}

/** dx = a dy − b (x − μ) − c, factors[3 × channels]; dx may be dy. */
export function normalizeBackward(
  rows: u32,
  channels: u32,
  x: usize,
  mean: usize,
  factors: usize,
  dy: usize,
  dx: usize,
): void {
  const bytes: usize = <usize>channels << 2;
  const second = factors + bytes;
  const third = second + bytes;
  for (let i: u32 = 0; i < rows; i++, x += bytes, dy += bytes, dx += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const centered = f32x4.sub(v128.load(x + j), v128.load(mean + j));
      const rest = multiplyAdd(centered, v128.load(second + j), v128.load(third + j));
      const direct = f32x4.mul(v128.load(dy + j), v128.load(factors + j));
      v128.store(dx + j, f32x4.sub(direct, rest));
    }
    for (; j < bytes; j += 4) {
      const centered = load<f32>(x + j) - load<f32>(mean + j);
      const rest = centered * load<f32>(second + j) + load<f32>(third + j);
      store<f32>(dx + j, load<f32>(dy + j) * load<f32>(factors + j) - rest);
    }
  }
}
