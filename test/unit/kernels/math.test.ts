import { describe, expect, it } from 'vitest';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';
import { erf } from '../../reference/activations.ts';

const memory = new WebAssembly.Memory({ initial: 32, maximum: 32, shared: true });
const [x, y, dy] = [65536, 65536 * 16, 65536 * 31];

/** Largest distance, in units in the last place of float32, over a dense sweep of [low, high]. */
function worstUlps(
  run: (count: number) => void,
  exact: (x: number) => number,
  low: number,
  high: number,
): number {
  const count = 100_000;
  const inputs = new Float32Array(memory.buffer, x, count);
  const outputs = new Float32Array(memory.buffer, y, count);
  for (let i = 0; i < count; i++) inputs[i] = low + ((high - low) * i) / (count - 1);
  run(count);
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const wanted = exact(inputs[i]);
    const ulp = 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(wanted)))) - 23);
    worst = Math.max(worst, Math.abs(outputs[i] - wanted) / ulp);
  }
  return worst;
}

function atPoints(run: (count: number) => void, points: number[]): number[] {
  new Float32Array(memory.buffer, x, points.length).set(points);
  run(points.length);
  return [...new Float32Array(memory.buffer, y, points.length)];
}

/** x Φ(x). Far below 0 by Lentz's continued fraction of erfc, because 1 + erf cancels. */
function exactGelu(v: number): number {
  if (v > -3) return (v * (1 + erf(v / Math.SQRT2))) / 2;
  let fraction = 0;
  for (let k = 200; k > 0; k--) fraction = k / (-v + fraction);
  return ((v / Math.sqrt(2 * Math.PI)) * Math.exp((-v * v) / 2)) / (-v + fraction);
}

const exactSoftplus = (v: number) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));

describe.each(['relaxed-simd', 'simd'] as const)('elementary functions, %s', (variant) => {
  const kernels = instantiateKernels(memory, variant);
  const sigmoid = (count: number) => kernels.sigmoidForward(count, x, y);
  const tanh = (count: number) => kernels.tanhForward(count, x, y);
  const gelu = (count: number) => kernels.geluForward(count, x, y);
  const silu = (count: number) => kernels.siluForward(count, x, y);
  const softplus = (count: number) => kernels.softplusForward(count, x, y);
  const exponential = (count: number) => kernels.exponentialForward(count, x, y);
  const elu = (count: number) => kernels.eluForward(count, 1, 1, x, y);

  it.each([
    ['tanh near 0', tanh, Math.tanh, -0.7, 0.7],
    ['tanh', tanh, Math.tanh, -20, 20],
    ['sigmoid', sigmoid, (v: number) => 1 / (1 + Math.exp(-v)), -80, 40],
    ['elu near 0', elu, Math.expm1, -0.01, -1e-7],
    ['elu', elu, Math.expm1, -30, -1e-3],
    ['silu', silu, (v: number) => v / (1 + Math.exp(-v)), -80, 40],
    ['softplus', softplus, exactSoftplus, -80, 40],
    ['softplus near 0', softplus, exactSoftplus, -1, 1],
    ['exponential', exponential, Math.exp, -80, 80],
  ] as const)('%s is within 4 units in the last place', (_name, run, exact, low, high) => {
    expect(worstUlps(run, exact, low, high)).toBeLessThan(4);
  });

  it('gelu is within 6, also where 1 + erf cancels', () => {
    expect(worstUlps(gelu, exactGelu, -5, 20)).toBeLessThan(6);
    expect(worstUlps(gelu, exactGelu, -12.5, -3)).toBeLessThan(6);
  });

  it('limits and NaN', () => {
    const points = [Number.NaN, Infinity, -Infinity, 0, 200, -200];
    expect(atPoints(tanh, points)).toEqual([Number.NaN, 1, -1, 0, 1, -1]);
    expect(atPoints(sigmoid, points)).toEqual([Number.NaN, 1, 0, 0.5, 1, 0]);
    expect(atPoints(elu, points)).toEqual([Number.NaN, Infinity, -1, 0, 200, -1]);
    const relu = (count: number) => kernels.reluForward(count, x, y);
    expect(atPoints(relu, points)).toEqual([Number.NaN, Infinity, 0, 0, 200, 0]);
    expect(atPoints(gelu, points)).toEqual([Number.NaN, Infinity, -0, 0, 200, -0]);
    expect(atPoints(silu, points)).toEqual([Number.NaN, Infinity, -0, 0, 200, -0]);
    expect(atPoints(softplus, [...points.slice(0, 3), 200, -200])).toEqual([
      Number.NaN,
      Infinity,
      0,
      200,
      0,
    ]);
    expect(atPoints(exponential, points)).toEqual([Number.NaN, Infinity, 0, 1, Infinity, 0]);
  });

  it.each([
    // [derivative at NaN, ∞, −∞, 0, 200, −200]
    ['gelu', kernels.geluForward, kernels.geluBackward, 'x', [Number.NaN, 1, 0, 0.5, 1, 0]],
    ['silu', kernels.siluForward, kernels.siluBackward, 'x', [Number.NaN, 1, 0, 0.5, 1, 0]],
    [
      'softplus',
      kernels.softplusForward,
      kernels.softplusBackward,
      'y',
      [Number.NaN, 1, 0, 0.5, 1, 0],
    ],
    [
      'exponential',
      kernels.exponentialForward,
      kernels.exponentialBackward,
      'y',
      [Number.NaN, Infinity, 0, 1, Infinity, 0],
    ],
  ] as const)('derivative of %s at limits and NaN', (_name, forward, backward, read, slopes) => {
    const points = [Number.NaN, Infinity, -Infinity, 0, 200, -200];
    atPoints((count) => forward(count, x, y), points);
    const ones = new Float32Array(memory.buffer, dy, points.length).fill(1);
    backward(points.length, read === 'x' ? x : y, dy, dy);
    // + 0: the sign of a zero does not matter.
    expect(Array.from(ones, (slope) => slope + 0)).toEqual(slopes);
  });
});
