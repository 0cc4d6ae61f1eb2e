import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';
import {
  type Convolution,
  convolutionGradientOps,
  convolutionOps,
  convolutionScratch,
  convolutionWorkspace,
  reversed,
} from '../../../core/network/convolution.ts';
import { ArenaLayout } from '../../../core/network/layout.ts';
import type { Op } from '../../../core/network/op.ts';
import {
  suitsWinograd,
  suitsWinogradGradient,
  winogradGradientOps,
  winogradGradientWorkspace,
  winogradOps,
  winogradScratch,
  winogradWorkspace,
} from '../../../core/network/winograd.ts';

const PAGES = 1024;
const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
const values = new Float32Array(memory.buffer);

type Algorithm = 'direct' | 'winograd';

const operations = {
  direct: { ops: convolutionOps, gradientOps: convolutionGradientOps },
  winograd: { ops: winogradOps, gradientOps: winogradGradientOps },
};

/** Σ over the products of y = W ⋆ x, by the places of their factors. */
function eachProduct(
  c: Convolution,
  rows: number,
  visit: (y: number, x: number, w: number) => void,
) {
  for (let n = 0; n < rows; n++)
    for (let i = 0; i < c.outHeight; i++)
      for (let j = 0; j < c.outWidth; j++)
        for (let a = 0; a < c.kernelHeight; a++)
          for (let b = 0; b < c.kernelWidth; b++) {
            const row = i * c.stride - c.top + a;
            const column = j * c.stride - c.left + b;
            if (row < 0 || row >= c.height || column < 0 || column >= c.width) continue;
            const y = ((n * c.outHeight + i) * c.outWidth + j) * c.outChannels;
            const x = ((n * c.height + row) * c.width + column) * c.channels;
            const w = (a * c.kernelWidth + b) * c.channels;
            for (let k = 0; k < c.channels; k++)
              for (let o = 0; o < c.outChannels; o++)
                visit(y + o, x + k, (w + k) * c.outChannels + o);
          }
}

/** In float64. */
function reference(
  c: Convolution,
  rows: number,
  { x, w, b, dy }: Record<'x' | 'w' | 'b' | 'dy', Float32Array>,
) {
  const y = Float64Array.from(dy, (_, i) => b[i % c.outChannels]);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  const db = new Float64Array(b.length);
  for (const [i, value] of dy.entries()) db[i % c.outChannels] += value;
  eachProduct(c, rows, (to, from, weight) => {
    y[to] += x[from] * w[weight];
    dx[from] += dy[to] * w[weight];
    dw[weight] += dy[to] * x[from];
  });
  return { y, dx, dw, db };
}

/**
 * All that a convolution computes, for `rows` of a batch of `capacity`. NaN stands around every tensor and
 * in all working memory: what is read there would be seen, and what is written beyond a tensor too.
 */
function compute(
  algorithm: Algorithm,
  c: Convolution,
  rows: number,
  capacity: number,
  inputs: Record<'x' | 'w' | 'b' | 'dy', Float32Array>,
  order: (parts: number[]) => number[] = (parts) => parts,
) {
  values.fill(Number.NaN);
  const arena = new ArenaLayout();
  const guarded = (size: number) => {
    arena.reserve(256);
    const offset = arena.reserve(Math.ceil(size / 4) * 16);
    arena.reserve(256);
    return { offset, view: values.subarray(offset / 4, offset / 4 + size), size };
  };
  const back = reversed(c);
  const [x, w, b, dy] = [inputs.x, inputs.w, inputs.b, inputs.dy].map((from) => {
    const tensor = guarded(from.length);
    tensor.view.set(from);
    return tensor;
  });
  const [y, dx, dw, db] = [dy, x, w, b].map(({ size }) => guarded(size));
  const gradientWorkspace =
    algorithm === 'direct'
      ? convolutionWorkspace(c, capacity)
      : Math.max(
          winogradGradientWorkspace(c, capacity),
          winogradWorkspace(c),
          winogradWorkspace(back),
        );
  const scratchBytes = algorithm === 'direct' ? convolutionScratch : winogradScratch;
  const workspace = guarded(gradientWorkspace / 4);
  const scratch = guarded(Math.max(scratchBytes(c), scratchBytes(back)) / 4);
  const kernels = instantiateKernels(memory, 'relaxed-simd');
  const context = { kernels, capacity, workspace: workspace.offset, scratch: scratch.offset };
  const { ops, gradientOps } = operations[algorithm];
  const all: Op[] = [
    ...ops(context, 'forward', c, {
      x: x.offset,
      weights: w.offset,
      rotated: false,
      bias: b.offset,
      y: y.offset,
    }),
    ...gradientOps(context, 'weight gradient', c, {
      x: x.offset,
      dy: dy.offset,
      dw: dw.offset,
      db: db.offset,
    }),
    ...ops(context, 'input gradient', back, {
      x: dy.offset,
      weights: w.offset,
      rotated: true,
      bias: 0,
      y: dx.offset,
    }),
  ];
  const pass = { rows, position: 0, step: 0, learningRate: 0 };
  for (const op of all) {
    for (const part of order(Array.from({ length: op.parts }, (_, i) => i))) op.run(part, pass);
  }
  for (const { offset, size } of [x, w, b, dy, y, dx, dw, db, workspace, scratch]) {
    const before = values.subarray(offset / 4 - 64, offset / 4);
    const after = values.subarray(offset / 4 + size, offset / 4 + size + 64);
    for (const value of [...before, ...after]) expect(value, 'guard').toBeNaN();
  }
  const copy = ({ view }: { view: Float32Array }) => view.slice();
  return { y: copy(y), dx: copy(dx), dw: copy(dw), db: copy(db) };
}

/** Of a random convolution. */
function normals(c: Convolution, rows: number, random: RandomStream) {
  const fill = (length: number, scale: number) =>
    Float32Array.from({ length }, () => random.normal() * scale);
  const window = c.kernelHeight * c.kernelWidth * c.channels;
  return {
    x: fill(rows * c.height * c.width * c.channels, 1),
    w: fill(window * c.outChannels, Math.sqrt(2 / window)),
    b: fill(c.outChannels, 1),
    dy: fill(rows * c.outHeight * c.outWidth * c.outChannels, 1),
  };
}

function randomConvolution(random: RandomStream, winograd: boolean): Convolution {
  const below = (limit: number) => random.integer(limit);
  for (;;) {
    const kernelHeight = winograd ? 3 : 1 + below(5);
    const kernelWidth = winograd ? 3 : 1 + below(5);
    const stride = winograd ? 1 : 1 + below(3);
    const [top, left] = [below(kernelHeight), below(kernelWidth)];
    const [height, width] = [1 + below(winograd ? 21 : 12), 1 + below(winograd ? 21 : 12)];
    const channels = winograd ? 16 + 4 * below(7) : 1 + below(20);
    const outChannels = winograd ? 16 + 4 * below(7) : 1 + below(20);
    const outHeight = Math.floor((height + top + below(kernelHeight) - kernelHeight) / stride) + 1;
    const outWidth = Math.floor((width + left + below(kernelWidth) - kernelWidth) / stride) + 1;
    if (outHeight < 1 || outWidth < 1) continue;
    const extents = { height, width, channels, kernelHeight, kernelWidth, stride, spread: 1 };
    return { ...extents, top, left, outHeight, outWidth, outChannels };
  }
}

/** The largest error, in units of the largest value. */
function relative(actual: Float32Array, expected: Float64Array): number {
  let error = 0;
  let scale = 0;
  for (const [i, value] of expected.entries()) {
    error = Math.max(error, Number.isNaN(actual[i]) ? Infinity : Math.abs(actual[i] - value));
    scale = Math.max(scale, Math.abs(value));
  }
  return error / (scale || 1);
}

describe.each<[Algorithm, tolerance: number]>([
  ['direct', 2e-6],
  ['winograd', 1e-5],
])('%s convolution of random shapes', (algorithm, tolerance) => {
  it.each(Array.from({ length: 40 }, (_, i) => i))('%i', (seed) => {
    const random = new RandomStream(seed, 'convolution');
    const c = randomConvolution(random, algorithm === 'winograd');
    const capacity = 1 + random.integer(20);
    const rows = 1 + random.integer(capacity);
    const inputs = normals(c, rows, random);
    const expected = reference(c, rows, inputs);
    const actual = compute(algorithm, c, rows, capacity, inputs);
    const shape = JSON.stringify({ ...c, rows, capacity });
    for (const key of ['y', 'dx', 'dw', 'db'] as const) {
      expect(relative(actual[key], expected[key]), `${key} of ${shape}`).toBeLessThan(tolerance);
    }
    const backwards = compute(algorithm, c, rows, capacity, inputs, (parts) => parts.reverse());
    expect(backwards, 'parts in another order').toEqual(actual);
  });
});

describe('Winograd is taken', () => {
  const c: Convolution = {
    ...{ height: 16, width: 16, channels: 32, kernelHeight: 3, kernelWidth: 3 },
    ...{ stride: 1, spread: 1, top: 1, left: 1, outHeight: 16, outWidth: 16, outChannels: 64 },
  };
  it.each<[name: string, change: Partial<Convolution>, taken: boolean]>([
    ['for 3 × 3', {}, true],
    ['not for 3 × 1', { kernelWidth: 1, left: 0 }, false],
    ['not for a stride', { stride: 2, outHeight: 8, outWidth: 8 }, false],
    ['not for few channels', { channels: 12 }, false],
    ['not for channels that fill no vectors', { outChannels: 66 }, false],
    ['not for images of a few pixels', { height: 2, width: 2, outHeight: 2, outWidth: 2 }, false],
  ])('%s', (_name, change, taken) => {
    expect(suitsWinograd({ ...c, ...change })).toBe(taken);
    expect(suitsWinogradGradient({ ...c, ...change }, 64)).toBe(taken);
  });

  it('not for a weight gradient whose sums would be larger than the rest', () => {
    expect(suitsWinogradGradient({ ...c, channels: 256, outChannels: 256 }, 64)).toBe(false);
  });
});
