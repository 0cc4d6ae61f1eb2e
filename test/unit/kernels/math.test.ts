import { describe, expect, it } from 'vitest';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';

const memory = new WebAssembly.Memory({ initial: 32, maximum: 32, shared: true });
const [x, y] = [65536, 65536 * 16];

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

describe.each(['relaxed-simd', 'simd'] as const)('elementary functions, %s', (variant) => {
  const kernels = instantiateKernels(memory, variant);
  const sigmoid = (count: number) => kernels.sigmoidForward(count, x, y);
  const tanh = (count: number) => kernels.tanhForward(count, x, y);
  const elu = (count: number) => kernels.eluForward(count, 1, x, y);

  it.each([
    ['tanh near 0', tanh, Math.tanh, -0.7, 0.7],
    ['tanh', tanh, Math.tanh, -20, 20],
    ['sigmoid', sigmoid, (v: number) => 1 / (1 + Math.exp(-v)), -80, 40],
    ['elu near 0', elu, Math.expm1, -0.01, -1e-7],
    ['elu', elu, Math.expm1, -30, -1e-3],
  ] as const)('%s is within 4 units in the last place', (_name, run, exact, low, high) => {
    expect(worstUlps(run, exact, low, high)).toBeLessThan(4);
  });

  it('limits and NaN', () => {
    const points = [Number.NaN, Infinity, -Infinity, 0, 200, -200];
    expect(atPoints(tanh, points)).toEqual([Number.NaN, 1, -1, 0, 1, -1]);
    expect(atPoints(sigmoid, points)).toEqual([Number.NaN, 1, 0, 0.5, 1, 0]);
    expect(atPoints(elu, points)).toEqual([Number.NaN, Infinity, -1, 0, 200, -1]);
    const relu = (count: number) => kernels.reluForward(count, x, y);
    expect(atPoints(relu, points)).toEqual([Number.NaN, Infinity, 0, 0, 200, 0]);
  });
});
