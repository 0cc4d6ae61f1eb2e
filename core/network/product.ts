import type { Kernels, Offset } from '../kernels/kernels.ts';
import { type Op, rowsOp, singleOp } from './op.ts';
import {
  type Cut,
  cutOf,
  isSmall,
  MOST_DEPTH,
  MOST_ROWS,
  type Most,
  PANEL,
  roundUp,
  TILE_ROWS,
} from './product-cut.ts';

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

/** The extents of C[rows × columns] = A[rows × depth] · B[depth × columns]. */
export interface Extents {
  rows: Extent;
  columns: number;
  depth: Extent;
}

export interface Product extends Extents {
  name: string;
  a: Matrix;
  b: Matrix;
  /** Row-major. */
  c: Matrix;
  /** One value a column, or 0. */
  bias: Offset;
}

/** Where products are computed: `workspace` is shared by all threads, `scratch` is this thread's own. */
export interface ProductContext {
  kernels: Kernels;
  /** The largest batch. */
  capacity: number;
  workspace: Offset;
  scratch: Offset;
}

/** Values that one part packs. */
const PACKED_IN_PART = 1 << 15;
/** Scratch: a tile and its start (see multiply), four panels of B, then rows of A. */
const PANEL_BYTES = (TILE_ROWS * PANEL + PANEL + MOST_DEPTH * 4 * PANEL) * 4;
/** Scratch of a thread; a packed operand may be read a vector beyond its end. */
export const PRODUCT_SCRATCH_BYTES = PANEL_BYTES + (MOST_ROWS * MOST_DEPTH + 4) * 4;

/**
 * The ops of C = A · B + bias. They are cut into blocks of C: each element is summed in the same order
 * whatever the cut.
 */
export function productOps(context: ProductContext, product: Product): Op[] {
  const most = mostOf(product, context.capacity);
  if (isSmall(most)) return [smallProduct(context, product)];
  const cut = cutOf(most);
  if (cut.deep) return deepProduct(context, product, cut, most);
  const right = context.workspace + rightPlace(cut, most.rows);
  const ops: Op[] = [];
  for (let from = 0; from < most.depth; from += cut.depth) {
    const block = { from, most: Math.min(cut.depth, most.depth - from) };
    if (!cut.leftAlone) ops.push(packingLeft(context, product, block));
    if (!cut.rightAlone) ops.push(packingRight(context, product, block, right));
    ops.push(multiplication(context, product, cut, block, right));
  }
  return ops;
}

/** Bytes of workspace that the ops of a product need. */
export function productWorkspace(extents: Extents, capacity: number): number {
  const most = mostOf(extents, capacity);
  if (isSmall(most)) return 0;
  const cut = cutOf(most);
  if (cut.deep) return Math.ceil(most.depth / cut.depth) * sumPlace(most);
  const right = cut.rightAlone ? 0 : cut.depth * roundUp(most.columns, PANEL) * 4;
  return rightPlace(cut, most.rows) + right;
}

/** A range of the depth, [from, from + most), less where the batch is smaller. */
interface Block {
  from: number;
  most: number;
}

function mostOf({ rows, columns, depth }: Extents, capacity: number): Most {
  const most = (extent: Extent) => (extent === 'batch' ? capacity : extent);
  return { rows: most(rows), columns, depth: most(depth) };
}

/** Where B's packed panels begin in the workspace: behind A's rows. */
function rightPlace({ leftAlone, depth }: Cut, rows: number): Offset {
  return leftAlone ? 0 : roundUp((roundUp(rows, TILE_ROWS) * depth + 4) * 4, 64);
}

function extentAt(extent: Extent, batch: number): number {
  return extent === 'batch' ? batch : extent;
}

function smallProduct({ kernels, scratch }: ProductContext, product: Product): Op {
  const { name, a, b, c, bias, columns, rows, depth } = product;
  return {
    name,
    parts: 1,
    run: (_part, { rows: batch }) =>
      kernels.gemm(
        extentAt(rows, batch),
        columns,
        extentAt(depth, batch),
        a.offset,
        a.rowStride,
        a.columnStride,
        b.offset,
        b.rowStride,
        b.columnStride,
        c.offset,
        c.rowStride,
        bias,
        false,
        scratch,
      ),
  };
}

/** Lays rows of A out in the order in which tiles read them. */
function packingLeft(
  { kernels, capacity, workspace }: ProductContext,
  { name, a, rows, depth }: Product,
  { from, most }: Block,
): Op {
  const rowsInPart = Math.max(1, Math.floor(PACKED_IN_PART / most / TILE_ROWS)) * TILE_ROWS;
  return {
    name: `${name}: pack A`,
    parts: Math.ceil((rows === 'batch' ? capacity : rows) / rowsInPart),
    run(part, { rows: batch }) {
      const deep = Math.min(most, extentAt(depth, batch) - from);
      const row = part * rowsInPart;
      const count = Math.min(rowsInPart, extentAt(rows, batch) - row);
      if (deep <= 0 || count <= 0) return;
      packRows(kernels, a, row, count, from, deep, workspace + row * deep * 4);
    },
  };
}

function packRows(
  kernels: Kernels,
  a: Matrix,
  row: number,
  rows: number,
  from: number,
  depth: number,
  to: Offset,
): void {
  kernels.packLeft(
    rows,
    depth,
    a.offset + (row * a.rowStride + from * a.columnStride) * 4,
    a.rowStride,
    a.columnStride,
    to,
  );
}

/** Lays columns of B out in the order in which tiles read them. */
function packingRight(
  { kernels }: ProductContext,
  { name, b, columns, depth }: Product,
  { from, most }: Block,
  place: Offset,
): Op {
  const columnsInPart = Math.max(1, Math.floor(PACKED_IN_PART / most / PANEL)) * PANEL;
  return {
    name: `${name}: pack B`,
    parts: Math.ceil(columns / columnsInPart),
    run(part, { rows: batch }) {
      const deep = Math.min(most, extentAt(depth, batch) - from);
      if (deep <= 0) return;
      const column = part * columnsInPart;
      kernels.packRight(
        Math.min(columnsInPart, columns - column),
        deep,
        b.offset + (column * b.columnStride + from * b.rowStride) * 4,
        b.rowStride,
        b.columnStride,
        place + column * deep * 4,
      );
    },
  };
}

/** Multiplies a block of the depth: the first sets C, the others add to it. */
function multiplication(
  { kernels, capacity, workspace, scratch }: ProductContext,
  { name, a, b, c, bias, rows, columns, depth }: Product,
  cut: Cut,
  { from, most }: Block,
  right: Offset,
): Op {
  const columnParts = Math.ceil(columns / cut.columns);
  const ownLeft = scratch + PANEL_BYTES;
  return {
    name,
    parts: columnParts * Math.ceil((rows === 'batch' ? capacity : rows) / cut.rows),
    run(part, { rows: batch }) {
      const deep = Math.min(most, extentAt(depth, batch) - from);
      const column = (part % columnParts) * cut.columns;
      const row = Math.floor(part / columnParts) * cut.rows;
      const count = Math.min(cut.rows, extentAt(rows, batch) - row);
      if (deep <= 0 || count <= 0) return;
      if (cut.leftAlone) packRows(kernels, a, row, count, from, deep, ownLeft);
      const { offset, rowStride, columnStride } = b;
      kernels.multiply(
        count,
        Math.min(cut.columns, columns - column),
        deep,
        cut.leftAlone ? ownLeft : workspace + row * deep * 4,
        cut.rightAlone
          ? offset + (column * columnStride + from * rowStride) * 4
          : right + column * deep * 4,
        cut.rightAlone ? rowStride : 0,
        columnStride,
        c.offset + (row * c.rowStride + column) * 4,
        c.rowStride,
        bias === 0 ? 0 : bias + column * 4,
        from > 0,
        scratch,
      );
    },
  };
}

/** Bytes of one block's share of C in the workspace. */
function sumPlace({ rows, columns }: Most): number {
  return roundUp(rows * columns * 4, 64);
}

/** Each part multiplies a block of the depth; then C is their sum, in order, and the bias. */
function deepProduct(
  { kernels, workspace, scratch }: ProductContext,
  { name, a, b, c, bias, rows, columns, depth }: Product,
  cut: Cut,
  most: Most,
): Op[] {
  const left = scratch + PANEL_BYTES;
  const place = sumPlace(most);
  const blocks: Op = {
    name,
    parts: Math.ceil(most.depth / cut.depth),
    run(part, { rows: batch }) {
      const from = part * cut.depth;
      const deep = Math.min(cut.depth, extentAt(depth, batch) - from);
      if (deep <= 0) return;
      const count = extentAt(rows, batch);
      packRows(kernels, a, 0, count, from, deep, left);
      kernels.multiply(
        count,
        columns,
        deep,
        left,
        b.offset + from * b.rowStride * 4,
        b.rowStride,
        b.columnStride,
        workspace + part * place,
        columns,
        0,
        false,
        scratch,
      );
    },
  };
  const sum = (from: number, count: number, batch: number) => {
    const used = Math.ceil(extentAt(depth, batch) / cut.depth);
    kernels.sumBlocks(
      count,
      columns,
      used,
      workspace + from * columns * 4,
      place,
      bias,
      c.offset + from * c.rowStride * 4,
      c.rowStride,
    );
  };
  const summing =
    rows === 'batch'
      ? rowsOp(`${name}: sum`, most.rows, columns, (from, count, pass) =>
          sum(from, count, pass.rows),
        )
      : singleOp(`${name}: sum`, (pass) => sum(0, rows, pass.rows));
  return [blocks, summing];
}
