import { beforeEach, describe, expect, it } from 'vitest';
import { instantiateKernels, type Kernels } from '../../../core/kernels/kernels.ts';
import { PRODUCT_SCRATCH_BYTES } from '../../../core/network/product.ts';

const PAGES = 64;
const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
const values = new Float32Array(memory.buffer);
const [scratch, a, b, c, bias] = [1024, 65536, 65536 * 16, 65536 * 32, 65536 * 48];

/** The product in float64, with the same strides. */
function reference(
  rows: number,
  columns: number,
  depth: number,
  strides: { a: [number, number]; b: [number, number] },
  start: (i: number, j: number) => number,
): number[] {
  const result: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = start(i, j);
      for (let k = 0; k < depth; k++) {
        sum +=
          values[a / 4 + i * strides.a[0] + k * strides.a[1]] *
          values[b / 4 + k * strides.b[0] + j * strides.b[1]];
      }
      result.push(sum);
    }
  }
  return result;
}

function check(
  kernels: Kernels,
  rows: number,
  columns: number,
  depth: number,
  transpose: { a: boolean; b: boolean },
  mode: 'plain' | 'bias' | 'accumulate',
): void {
  const strides = {
    a: (transpose.a ? [1, rows] : [depth, 1]) as [number, number],
    b: (transpose.b ? [1, depth] : [columns, 1]) as [number, number],
  };
  const before = values.slice(c / 4, c / 4 + rows * columns + 8);
  const expected = reference(rows, columns, depth, strides, (i, j) =>
    mode === 'accumulate' ? before[i * columns + j] : mode === 'bias' ? values[bias / 4 + j] : 0,
  );
  kernels.gemm(
    rows,
    columns,
    depth,
    a,
    ...strides.a,
    b,
    ...strides.b,
    c,
    columns,
    mode === 'bias' ? bias : 0,
    mode === 'accumulate',
    scratch,
  );
  const where = `${rows}×${columns}×${depth} ${JSON.stringify(transpose)} ${mode}`;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(values[c / 4 + i] - expected[i]);
    if (!(error < 1e-6 * (8 + depth))) expect.fail(`${where}: element ${i} is off by ${error}`);
  }
  for (let i = expected.length; i < before.length; i++) {
    if (values[c / 4 + i] !== before[i])
      expect.fail(`${where}: wrote ${values[c / 4 + i]} over ${before[i]} at ${i} beyond C`);
  }
}

describe.each(['relaxed-simd', 'simd'] as const)('matrix product, %s', (variant) => {
  const kernels = instantiateKernels(memory, variant);
  beforeEach(() => {
    for (let i = 0; i < values.length; i++) values[i] = ((i * 7919) % 1013) / 1013 - 0.5;
  });

  it('fits the scratch that the plan gives it', () => {
    expect(kernels.gemmScratchBytes()).toBeLessThanOrEqual(PRODUCT_SCRATCH_BYTES);
  });

  const sizes = [1, 3, 5, 6, 7, 12, 13, 18];
  for (const rows of sizes) {
    it(`${rows} rows: every edge, layout and start`, () => {
      for (const columns of [1, 2, 4, 5, 8, 10, 17]) {
        for (const depth of [1, 3, 4, 9, 384, 400]) {
          for (const transpose of [0, 1, 2, 3]) {
            for (const mode of ['plain', 'bias', 'accumulate'] as const) {
              const which = { a: (transpose & 1) === 1, b: (transpose & 2) === 2 };
              check(kernels, rows, columns, depth, which, mode);
            }
          }
        }
      }
    });
  }

  it('a NaN stays in its row and column', () => {
    const [rows, columns, depth] = [7, 9, 5];
    const kept = values[a / 4 + 2 * depth];
    values[a / 4 + 2 * depth] = Number.NaN;
    kernels.gemm(rows, columns, depth, a, depth, 1, b, columns, 1, c, columns, 0, false, scratch);
    values[a / 4 + 2 * depth] = kept;
    for (let i = 0; i < rows * columns; i++) {
      expect(Number.isNaN(values[c / 4 + i])).toBe(Math.floor(i / columns) === 2);
    }
  });
});
