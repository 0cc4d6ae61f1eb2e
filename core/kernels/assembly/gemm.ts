// Matrix product C = A·B (+ bias), or C += A·B, for row-major float32 matrices.
//
// B is packed, a panel of 8 (or, at the right edge, 4) columns and `depth` rows at a time, into
// `scratch`, where it stays in the first-level cache while tiles of 6 × 8 pass over it: twelve
// accumulators, two vectors of B and one broadcast of A fill the sixteen registers of x86-64. The six
// values of A that a step needs lie side by side: a transposed A has them so, another is packed, a
// block of rows at a time. One pointer into A then serves all six rows.
//
// Every element of C is summed in the order of k whatever the range of rows and columns a call
// covers, so that a product cut into parts gives the same bits.
import {
  BLOCK_ROWS,
  MAX_DEPTH,
  PANEL,
  packBlock,
  packPanel,
  packStart,
  TILE_ROWS,
} from './pack';
import { multiplyAdd } from './simd';

/** Bytes of scratch that a call needs: a panel of B, a tile, the tile's start, a block of A. */
export function gemmScratchBytes(): u32 {
  return (MAX_DEPTH * PANEL + TILE_ROWS * PANEL + PANEL + MAX_DEPTH * BLOCK_ROWS) * 4;
}

// Type arguments select a variant at compile time. Width: u64 for 8 columns, u32 for 4. Height: u64 for
// 6 rows, u32 for 4.

/**
 * tile[Height × Width] (+)= A[Height × depth] · panel[depth × Width]; A's next column is `step` bytes on.
 */
function tile<Width, Height>(
  depth: u32,
  a: usize,
  step: usize,
  panel: usize,
  start: usize,
  c: usize,
  cStride: usize,
  accumulate: bool,
): void {
  let c00 = v128.load(start);
  let c10 = c00;
  let c20 = c00;
  let c30 = c00;
  let c40 = c00;
  let c50 = c00;
  let c01 = c00;
  if (sizeof<Width>() == 8) c01 = v128.load(start, 16);
  let c11 = c01;
  let c21 = c01;
  let c31 = c01;
  let c41 = c01;
  let c51 = c01;
  for (let end = panel + depth * (sizeof<Width>() == 8 ? 32 : 16); panel < end; ) {
    const b0 = v128.load(panel);
    let b1 = b0;
    if (sizeof<Width>() == 8) b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a);
    c00 = multiplyAdd(x, b0, c00);
    if (sizeof<Width>() == 8) c01 = multiplyAdd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = multiplyAdd(x, b0, c10);
    if (sizeof<Width>() == 8) c11 = multiplyAdd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = multiplyAdd(x, b0, c20);
    if (sizeof<Width>() == 8) c21 = multiplyAdd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = multiplyAdd(x, b0, c30);
    if (sizeof<Width>() == 8) c31 = multiplyAdd(x, b1, c31);
    if (sizeof<Height>() == 8) {
      x = v128.load32_splat(a, 16);
      c40 = multiplyAdd(x, b0, c40);
      if (sizeof<Width>() == 8) c41 = multiplyAdd(x, b1, c41);
      x = v128.load32_splat(a, 20);
      c50 = multiplyAdd(x, b0, c50);
      if (sizeof<Width>() == 8) c51 = multiplyAdd(x, b1, c51);
    }
    panel += sizeof<Width>() == 8 ? 32 : 16;
    a += step;
  }
  storeRow<Width>(c, c00, c01, accumulate);
  storeRow<Width>((c += cStride), c10, c11, accumulate);
  storeRow<Width>((c += cStride), c20, c21, accumulate);
  storeRow<Width>((c += cStride), c30, c31, accumulate);
  if (sizeof<Height>() == 8) {
    storeRow<Width>((c += cStride), c40, c41, accumulate);
    storeRow<Width>((c += cStride), c50, c51, accumulate);
  }
}

// @ts-ignore: decorator
@inline
function storeRow<Width>(c: usize, low: v128, high: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(v128.load(c), low) : low);
  if (sizeof<Width>() == 8) {
    v128.store(c, accumulate ? f32x4.add(v128.load(c, 16), high) : high, 16);
  }
}

/** The valid part [rows × columns] of a tile at the edge goes from `from` to C. */
function storeEdge(
  from: usize,
  c: usize,
  cStride: usize,
  rows: u32,
  columns: u32,
  accumulate: bool,
): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j < columns; j++) {
      const to = c + (j << 2);
      const value = load<f32>(from + (j << 2));
      store<f32>(to, accumulate ? load<f32>(to) + value : value);
    }
    from += PANEL << 2;
    c += cStride;
  }
}

/** All rows of a block of A over one packed panel; six rows of A are `tileStride` bytes. */
export function panelProduct<Width>(
  rows: u32,
  columns: u32,
  depth: u32,
  a: usize,
  tileStride: usize,
  step: usize,
  panel: usize,
  start: usize,
  edge: usize,
  c: usize,
  cStride: usize,
  accumulate: bool,
): void {
  const width: u32 = sizeof<Width>() == 8 ? 8 : 4;
  for (let i: u32 = 0; i < rows; i += TILE_ROWS) {
    const left = rows - i;
    if (left >= TILE_ROWS && columns == width) {
      tile<Width, u64>(depth, a, step, panel, start, c, cStride, accumulate);
    } else if (left == 4 && columns == width) {
      tile<Width, u32>(depth, a, step, panel, start, c, cStride, accumulate);
    } else {
      if (left <= 4) tile<Width, u32>(depth, a, step, panel, start, edge, PANEL << 2, false);
      else tile<Width, u64>(depth, a, step, panel, start, edge, PANEL << 2, false);
      storeEdge(edge, c, cStride, min(left, TILE_ROWS), columns, accumulate);
    }
    a += tileStride;
    c += cStride * TILE_ROWS;
  }
}

/**
 * C[rows × columns] = A[rows × depth] · B[depth × columns] + bias, or C += A · B.
 * Strides are in elements. One of A's strides is 1, and one of B's. `bias` (0: none) holds one value
 * a column and is not read when accumulating.
 */
export function gemm(
  rows: u32,
  columns: u32,
  depth: u32,
  a: usize,
  aRowStride: u32,
  aColumnStride: u32,
  b: usize,
  bRowStride: u32,
  bColumnStride: u32,
  c: usize,
  cRowStride: u32,
  bias: usize,
  accumulate: bool,
  scratch: usize,
): void {
  const edge: usize = scratch + MAX_DEPTH * PANEL * 4;
  const start: usize = edge + TILE_ROWS * PANEL * 4;
  const block: usize = start + PANEL * 4;
  const adjacent = aRowStride == 1;
  const aRow: usize = <usize>aRowStride << 2;
  const aColumn: usize = <usize>aColumnStride << 2;
  const bRow: usize = <usize>bRowStride << 2;
  const bColumn: usize = <usize>bColumnStride << 2;
  const cRow: usize = <usize>cRowStride << 2;
  // Blocks of equal depth: a last sliver would be all overhead.
  const blocks = (depth + MAX_DEPTH - 1) / MAX_DEPTH;
  const blockDepth = ((depth + blocks - 1) / blocks + 3) & ~3;
  const blockRows = adjacent ? rows : BLOCK_ROWS;
  for (let i: u32 = 0; i < rows; i += blockRows) {
    const mc = min(rows - i, blockRows);
    for (let k: u32 = 0; k < depth; k += blockDepth) {
      const kc = min(depth - k, blockDepth);
      let from = a + <usize>i * aRow + <usize>k * aColumn;
      let tileStride = <usize>TILE_ROWS * aRow;
      let step = aColumn;
      if (!adjacent) {
        packBlock(mc, kc, from, aRow, block);
        from = block;
        step = TILE_ROWS << 2;
        tileStride = step * kc;
      }
      const add = accumulate || k > 0;
      for (let j: u32 = 0; j < columns; j += PANEL) {
        const valid = min(columns - j, PANEL);
        const width: u32 = valid > 4 ? 8 : 4;
        const offset = <usize>(j << 2);
        packPanel(kc, b + <usize>k * bRow + <usize>j * bColumn, bRow, bColumn, valid, width, scratch);
        packStart(add || bias == 0 ? 0 : bias + offset, valid, start);
        const to = c + <usize>i * cRow + offset;
        if (width == 8) {
          panelProduct<u64>(mc, valid, kc, from, tileStride, step, scratch, start, edge, to, cRow, add);
        } else {
          panelProduct<u32>(mc, valid, kc, from, tileStride, step, scratch, start, edge, to, cRow, add);
        }
      }
    }
  }
}
