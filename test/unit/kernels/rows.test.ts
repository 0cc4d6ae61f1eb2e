import { describe, expect, it } from 'vitest';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';

const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
const [x, y, w] = [1024, 2048, 4096];
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function put(at: number, values: number[]): void {
  new Float32Array(memory.buffer, at, values.length).set(values);
}

const get = (at: number, count: number) => [...new Float32Array(memory.buffer, at, count)];

describe.each(['relaxed-simd', 'simd'] as const)('values at the edge, %s', (variant) => {
  const kernels = instantiateKernels(memory, variant);

  it.each([
    ['equal values', [3, 3, 3, 3, 3], [0.2, 0.2, 0.2, 0.2, 0.2]],
    ['large values', [1e38, -1e38, 1e38, 0, 0], [0.5, 0, 0.5, 0, 0]],
    ['one value', [-7], [1]],
    ['−∞ among others', [0, -inf, 0], [0.5, 0, 0.5]],
    ['∞', [0, inf, 0], [nan, nan, nan]],
    ['NaN in a vector', [0, nan, 0, 0, 0], [nan, nan, nan, nan, nan]],
    ['NaN behind the vectors', [0, 0, 0, 0, nan], [nan, nan, nan, nan, nan]],
  ])('softmax: %s', (_name, values, expected) => {
    // A row before and one behind: neither is touched by a NaN.
    const width = values.length;
    const even = Array<number>(width).fill(1);
    put(x, [...even, ...values, ...even]);
    kernels.softmaxForward(3, width, x, y);
    const found = get(y, 3 * width);
    for (const [i, value] of expected.entries()) {
      const got = found[width + i]!;
      expect(Number.isNaN(value) ? Number.isNaN(got) : Math.abs(got - value) < 1e-6).toBe(true);
    }
    expect([...found.slice(0, width), ...found.slice(2 * width)]).toEqual(
      Array(2 * width).fill(Math.fround(1 / width)),
    );
  });

  it.each([2, 3])(
    'maxout of %d pieces: NaN and infinities go through, the first of equals',
    (n) => {
      const pieces = [
        [1, nan, 0],
        [nan, 1, 0],
        [-inf, -inf, -inf],
        [inf, 2, 0],
        [4, 4, 4],
        [1, 5, 0],
      ].map((row) => row.slice(0, n));
      put(x, pieces.flat());
      kernels.maxoutForward(6, n, x, y);
      expect(get(y, 6)).toEqual([nan, nan, -inf, inf, 4, 5]);
      put(y, [1, 2, 3, 4, 5, 6]);
      kernels.maxoutBackward(6, n, x, y);
      const rest = Array<number>(n - 1).fill(0);
      expect(get(x, 6 * n).slice(2 * n)).toEqual([
        ...[3, ...rest],
        ...[4, ...rest],
        ...[5, ...rest],
        ...[0, 6, ...rest.slice(1)],
      ]);
    },
  );

  it.each([3, 4, 6])('prelu of %d channels: NaN goes through, 0 takes the slope', (channels) => {
    const values = [nan, -inf, inf, -0, 0, -2, 3, 0, -4, 5, nan, -1].slice(0, channels * 2);
    const slopes = Array.from({ length: channels }, (_, c) => c + 0.5);
    put(x, values);
    put(w, slopes);
    kernels.preluForward(2, channels, x, w, y);
    const exact = values.map((v, i) => (v > 0 || Number.isNaN(v) ? v : v * slopes[i % channels]!));
    expect(get(y, channels * 2)).toEqual(exact);
    put(y, Array(channels * 2).fill(1));
    kernels.preluBackward(2, channels, x, w, y, y);
    expect(get(y, channels * 2)).toEqual(values.map((v, i) => (v <= 0 ? slopes[i % channels] : 1)));
  });
});
