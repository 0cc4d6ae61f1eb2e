import { describe, expect, it } from 'vitest';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';
import { ArenaLayout } from '../../../core/network/layout.ts';
import {
  PRODUCT_SCRATCH_BYTES,
  productOps,
  productWorkspace,
  rowMajor,
  transposed,
} from '../../../core/network/product.ts';

const memory = new WebAssembly.Memory({ initial: 400, maximum: 400, shared: true });
const kernels = instantiateKernels(memory, 'simd');
const values = new Float32Array(memory.buffer);

/** Largest rows × columns × depth, and the batch at hand where it is smaller. */
const shapes: [rows: number, columns: number, depth: number][] = [
  [3, 5, 7],
  [64, 128, 784],
  [131, 133, 137],
  [133, 66, 450],
  [784, 20, 64],
  [300, 44, 97],
  [128, 100, 1000],
  [100, 50, 3072],
  [61, 9, 1030],
  [500, 300, 70],
];

describe.each(shapes)('a product of %i × %i × %i', (rows, columns, depth) => {
  describe.each([false, true])('A transposed: %s', (aTransposed) => {
    describe.each([false, true])('B transposed: %s', (bTransposed) => {
      it.each([
        ['all rows', rows, depth],
        ['fewer rows', Math.ceil(rows / 3), depth],
        ['less depth', rows, Math.ceil(depth / 3)],
      ] as const)('%s', (_name, realRows, realDepth) => {
        const arena = new ArenaLayout();
        const [a, b, bias] = [rows * depth, depth * columns, columns].map((n) => arena.tensor(n));
        const c = arena.tensor(rows * columns + 8);
        const capacity = realRows < rows ? rows : depth;
        const extents = {
          rows: realRows < rows ? ('batch' as const) : rows,
          columns,
          depth: realDepth < depth ? ('batch' as const) : depth,
        };
        const batch = realRows < rows ? realRows : realDepth;
        const workspaceBytes = productWorkspace(extents, capacity);
        const workspace = arena.reserve(workspaceBytes);
        const guard = arena.tensor(16);
        const scratch = arena.reserve(PRODUCT_SCRATCH_BYTES);
        expect(arena.bytes).toBeLessThan(memory.buffer.byteLength);
        for (let i = 0; i < arena.bytes / 4; i++) values[i] = ((i * 7919) % 1013) / 1013 - 0.5;
        const guarded = (tensor: { offset: number; size: number }) =>
          values.slice(tensor.offset / 4, tensor.offset / 4 + tensor.size);
        const before = guarded(guard);
        const own = c.offset / 4;
        const tail = guarded(c).slice(rows * columns);

        const left = aTransposed ? transposed(rowMajor(a.offset, rows)) : rowMajor(a.offset, depth);
        const right = bTransposed
          ? transposed(rowMajor(b.offset, depth))
          : rowMajor(b.offset, columns);
        const ops = productOps(
          { kernels, capacity, workspace, scratch },
          {
            ...extents,
            name: 'product',
            a: left,
            b: right,
            c: rowMajor(c.offset, columns),
            bias: bias.offset,
          },
        );
        const pass = { rows: batch, position: 0, step: 0, learningRate: 0 };
        // Parts do not depend on one another: any order will do.
        for (const op of ops) for (let part = op.parts; part-- > 0; ) op.run(part, pass);

        let worst = 0;
        for (let i = 0; i < realRows; i++) {
          for (let j = 0; j < columns; j++) {
            let sum = values[bias.offset / 4 + j];
            for (let k = 0; k < realDepth; k++) {
              sum +=
                values[a.offset / 4 + i * left.rowStride + k * left.columnStride] *
                values[b.offset / 4 + k * right.rowStride + j * right.columnStride];
            }
            worst = Math.max(worst, Math.abs(sum - values[own + i * columns + j]));
          }
        }
        expect(worst).toBeLessThan(1e-6 * (8 + realDepth));
        expect(guarded(c).slice(rows * columns)).toEqual(tail);
        expect(guarded(guard)).toEqual(before);
      });
    });
  });
});
