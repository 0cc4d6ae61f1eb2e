// Matrix product in steps that threads can share: operands that several parts of the product read are
// packed first, then parts of C = A·B (+ bias), or C += A·B, are computed. Nothing is packed twice. For
// products so small that this would be most of the work, see gemm.
import { PANEL, packBlock, packFourPanels, packPanel, packStart, TILE_ROWS, WIDE } from './pack';
import { panelProduct } from './gemm';

/** Columns of A that are packed together. */
const SLICE: u32 = 8;

/** The rows of A, six by six: to[rows / 6][depth × 6]. Strides are in elements, one of them is 1. */
export function packLeft(
  rows: u32,
  depth: u32,
  a: usize,
  rowStride: u32,
  columnStride: u32,
  to: usize,
): void {
  if (rowStride != 1) {
    packBlock(rows, depth, a, <usize>rowStride << 2, to);
    return;
  }
  // Six values that a step of the tile needs lie side by side already. Rows beyond the last are
  // whatever follows them: what they give is dropped. A few values of k at a time for all tiles: each
  // line of A is then read once, and A's columns do not evict one another where their stride is a
  // power of two.
  const step = <usize>columnStride << 2;
  const tile = <usize>depth * 24;
  for (let k: u32 = 0; k < depth; k += SLICE) {
    const slice = <usize>min(depth - k, SLICE) * 24;
    let block = to + <usize>k * 24;
    for (let i: u32 = 0; i < rows; i += TILE_ROWS, block += tile) {
      let from = a + <usize>(i << 2);
      for (let p = block, end = block + slice; p < end; p += 24, from += step) {
        v128.store(p, v128.load(from));
        v128.store64_lane(p, v128.load(from, 8), 1, 16);
      }
    }
    a += step * SLICE;
  }
}

/**
 * The columns of B, eight by eight (the last perhaps four): to[columns / 8][depth × 8]. Strides are in
 * elements.
 */
export function packRight(
  columns: u32,
  depth: u32,
  b: usize,
  rowStride: u32,
  columnStride: u32,
  to: usize,
): void {
  const row = <usize>rowStride << 2;
  const column = <usize>columnStride << 2;
  let j: u32 = 0;
  if (columnStride == 1) {
    for (; j + WIDE <= columns; j += WIDE) {
      packFourPanels(depth, b + (<usize>j << 2), row, to);
      to += <usize>depth * (WIDE << 2);
    }
  }
  for (; j < columns; j += PANEL) {
    const valid = min(columns - j, PANEL);
    packPanel(depth, b + column * <usize>j, row, column, valid, valid > 4 ? 8 : 4, to);
    to += <usize>depth * (PANEL << 2);
  }
}

/**
 * C[rows × columns] = left · B + bias, or C += left · B. `left` is packed; so is B where its row stride is
 * 0, otherwise its panels are packed on the way, just before they are used. `bias` (0: none) holds one
 * value a column and is not read when accumulating. `scratch` takes four panels, a tile and its start.
 */
export function multiply(
  rows: u32,
  columns: u32,
  depth: u32,
  left: usize,
  b: usize,
  bRowStride: u32,
  bColumnStride: u32,
  c: usize,
  cRowStride: u32,
  bias: usize,
  accumulate: bool,
  scratch: usize,
): void {
  const start = scratch + TILE_ROWS * PANEL * 4;
  const room = start + PANEL * 4;
  const step: usize = TILE_ROWS << 2;
  const tiles = step * depth;
  const cRow = <usize>cRowStride << 2;
  for (let j: u32 = 0; j < columns; j += WIDE) {
    const few = min(columns - j, WIDE);
    let panel = b + <usize>depth * <usize>(j << 2);
    if (bRowStride != 0) {
      panel = room;
      packRight(few, depth, b + (<usize>(j * bColumnStride) << 2), bRowStride, bColumnStride, room);
    }
    for (let n: u32 = 0; n < few; n += PANEL) {
      const valid = min(few - n, PANEL);
      const offset = <usize>(j + n) << 2;
      packStart(accumulate || bias == 0 ? 0 : bias + offset, valid, start);
      const to = c + offset;
      if (valid > 4) {
        panelProduct<u64>(rows, valid, depth, left, tiles, step, panel, start, scratch, to, cRow, accumulate);
      } else {
        panelProduct<u32>(rows, valid, depth, left, tiles, step, panel, start, scratch, to, cRow, accumulate);
      }
      panel += <usize>depth << 5;
    }
  }
}

/**
 * C[rows × columns] = bias + the sum of blocks[n][rows × columns], in order; a block begins `place` bytes
 * after the one before. `bias` (0: none) holds one value a column.
 */
export function sumBlocks(
  rows: u32,
  columns: u32,
  blocks: u32,
  from: usize,
  place: u32,
  bias: usize,
  c: usize,
  cRowStride: u32,
): void {
  const bytes = <usize>columns << 2;
  for (let i: u32 = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      let sum = bias == 0 ? f32x4.splat(0) : v128.load(bias + j);
      let p = from + j;
      for (let n: u32 = 0; n < blocks; n++, p += place) sum = f32x4.add(sum, v128.load(p));
      v128.store(c + j, sum);
    }
    for (; j < bytes; j += 4) {
      let sum: f32 = bias == 0 ? 0 : load<f32>(bias + j);
      let p = from + j;
      for (let n: u32 = 0; n < blocks; n++, p += place) sum += load<f32>(p);
      store<f32>(c + j, sum);
    }
    from += bytes;
    c += <usize>cRowStride << 2;
  }
}
