import type { Kernels, Offset } from '../kernels/kernels.ts';
import { columnsInOnePart, type Op, rowsInOnePart } from './op.ts';

/** A matrix in the arena: strides in elements, one of them 1. */
export interface Matrix {
  offset: Offset;
  rowStride: number;
  columnStride: number;
}

export function rowMajor(offset: Offset, columns: number): Matrix {
  return { offset, rowStride: columns, columnStride: 1 };
}

export function transposed(matrix: Matrix): Matrix {
  return {
    offset: matrix.offset,
    rowStride: matrix.columnStride,
    columnStride: matrix.rowStride,
  };
}

/** A dimension that is the number of examples in the batch at hand. */
export type Extent = number | 'batch';

export interface Product {
  name: string;
  rows: Extent;
  columns: number;
  depth: Extent;
  a: Matrix;
  b: Matrix;
  /** Row-major, [rows × columns]. */
  c: Matrix;
  /** One value a column, or 0. */
  bias: Offset;
}

/**
 * The ops of C = A · B + bias. Cut into blocks of C: each element is summed in the same order whatever
 * the cut. `capacity` is the largest batch.
 */
export function productOps(
  kernels: Kernels,
  scratch: Offset,
  capacity: number,
  product: Product,
): Op[] {
  const { a, b, c, bias, columns } = product;
  const most = (extent: Extent) => (extent === 'batch' ? capacity : extent);
  const depthMost = most(product.depth);
  const columnsInPart = columnsInOnePart(most(product.rows) * depthMost);
  const rowsInPart = rowsInOnePart(Math.min(columnsInPart, columns) * depthMost);
  const columnParts = Math.ceil(columns / columnsInPart);
  const op: Op = {
    name: product.name,
    parts: columnParts * Math.ceil(most(product.rows) / rowsInPart),
    run(part, { rows: batch }) {
      const rows = product.rows === 'batch' ? batch : product.rows;
      const column = (part % columnParts) * columnsInPart;
      const row = Math.floor(part / columnParts) * rowsInPart;
      if (row >= rows) return;
      kernels.gemm(
        Math.min(rowsInPart, rows - row),
        Math.min(columnsInPart, columns - column),
        product.depth === 'batch' ? batch : product.depth,
        a.offset + row * a.rowStride * 4,
        a.rowStride,
        a.columnStride,
        b.offset + column * b.columnStride * 4,
        b.rowStride,
        b.columnStride,
        c.offset + (row * c.rowStride + column) * 4,
        c.rowStride,
        bias === 0 ? 0 : bias + column * 4,
        0,
        scratch,
      );
    },
  };
  return [op];
}
