// Matrix product C = A·B (+ bias), or C += A·B, for row-major float32 matrices.
//
// B is packed, a panel of 8 (or, at the right edge, 4) columns and `kc` rows at a time, into
// `scratch`, where it stays in the first-level cache while all rows of A pass over it in tiles of
// 6 × 8: twelve accumulators, two vectors of B and one broadcast of A fill the sixteen registers of
// x86-64. A is read in place: its six rows either lie `rowStride` apart with columns adjacent, or
// are adjacent themselves (a transposed matrix).
//
// Every element of C is summed in the order of k whatever the range of rows and columns a call
// covers, so that a product cut into parts gives the same bits.
import { multiplyAdd } from './simd';

const TILE_ROWS: u32 = 6;
const PANEL: u32 = 8;
/** Rows of a panel of B: 384 × 8 floats are 12 KiB. */
const MAX_DEPTH: u32 = 384;

/** Bytes of scratch that a call needs: a panel, a tile, the panel's starting values. */
export function gemmScratchBytes(): u32 {
  return (MAX_DEPTH * PANEL + TILE_ROWS * PANEL + PANEL) * 4;
}

// Type arguments select a variant at compile time: Width is u64 for 8 columns, u32 for 4; Layout is
// u64 for rows of A that lie apart, u32 for adjacent ones.

/**
 * tile[6 × Width] (+)= A[6 × depth] · panel[depth × Width]; `step` bytes between the A's read per k.
 * Rows of A beyond `lastRow` repeat it: what they give is dropped.
 */
function tile<Width, Layout>(
  depth: u32,
  a: usize,
  lastRow: usize,
  rowStride: usize,
  step: usize,
  panel: usize,
  start: usize,
  c: usize,
  cStride: usize,
  accumulate: bool,
): void {
  let a1 = min(a + rowStride, lastRow);
  let a2 = min(a1 + rowStride, lastRow);
  let a3 = min(a2 + rowStride, lastRow);
  let a4 = min(a3 + rowStride, lastRow);
  let a5 = min(a4 + rowStride, lastRow);
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
    x = sizeof<Layout>() == 8 ? v128.load32_splat(a1) : v128.load32_splat(a, 4);
    c10 = multiplyAdd(x, b0, c10);
    if (sizeof<Width>() == 8) c11 = multiplyAdd(x, b1, c11);
    x = sizeof<Layout>() == 8 ? v128.load32_splat(a2) : v128.load32_splat(a, 8);
    c20 = multiplyAdd(x, b0, c20);
    if (sizeof<Width>() == 8) c21 = multiplyAdd(x, b1, c21);
    x = sizeof<Layout>() == 8 ? v128.load32_splat(a3) : v128.load32_splat(a, 12);
    c30 = multiplyAdd(x, b0, c30);
    if (sizeof<Width>() == 8) c31 = multiplyAdd(x, b1, c31);
    x = sizeof<Layout>() == 8 ? v128.load32_splat(a4) : v128.load32_splat(a, 16);
    c40 = multiplyAdd(x, b0, c40);
    if (sizeof<Width>() == 8) c41 = multiplyAdd(x, b1, c41);
    x = sizeof<Layout>() == 8 ? v128.load32_splat(a5) : v128.load32_splat(a, 20);
    c50 = multiplyAdd(x, b0, c50);
    if (sizeof<Width>() == 8) c51 = multiplyAdd(x, b1, c51);
    panel += sizeof<Width>() == 8 ? 32 : 16;
    if (sizeof<Layout>() == 8) {
      a += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
      a4 += 4;
      a5 += 4;
    } else {
      a += step;
    }
  }
  storeRow<Width>(c, c00, c01, accumulate);
  storeRow<Width>((c += cStride), c10, c11, accumulate);
  storeRow<Width>((c += cStride), c20, c21, accumulate);
  storeRow<Width>((c += cStride), c30, c31, accumulate);
  storeRow<Width>((c += cStride), c40, c41, accumulate);
  storeRow<Width>((c += cStride), c50, c51, accumulate);
}

// @ts-ignore: decorator
@inline
function storeRow<Width>(c: usize, low: v128, high: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(v128.load(c), low) : low);
  if (sizeof<Width>() == 8) {
    v128.store(c, accumulate ? f32x4.add(v128.load(c, 16), high) : high, 16);
  }
}

/** panel[depth × width] from rows of B: B's columns are adjacent. */
// @ts-ignore: decorator
@inline
function packRows(depth: u32, b: usize, rowStride: usize, width: u32, panel: usize): void {
  for (let k: u32 = 0; k < depth; k++) {
    v128.store(panel, v128.load(b));
    if (width == 8) v128.store(panel, v128.load(b, 16), 16);
    panel += width << 2;
    b += rowStride;
  }
}

/** panel[depth × 4 of width] from four rows of Bᵀ: a transposition in 4 × 4 blocks. */
// @ts-ignore: decorator
@inline
function packFourColumns(
  depth: u32,
  b0: usize,
  b1: usize,
  b2: usize,
  b3: usize,
  width: u32,
  panel: usize,
): void {
  const stride: usize = width << 2;
  let k: u32 = 0;
  for (; k + 4 <= depth; k += 4) {
    const r0 = v128.load(b0);
    const r1 = v128.load(b1);
    const r2 = v128.load(b2);
    const r3 = v128.load(b3);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(panel, v128.shuffle<i64>(t0, t2, 0, 2));
    v128.store((panel += stride), v128.shuffle<i64>(t0, t2, 1, 3));
    v128.store((panel += stride), v128.shuffle<i64>(t1, t3, 0, 2));
    v128.store((panel += stride), v128.shuffle<i64>(t1, t3, 1, 3));
    panel += stride;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  for (; k < depth; k++) {
    store<f32>(panel, load<f32>(b0));
    store<f32>(panel, load<f32>(b1), 4);
    store<f32>(panel, load<f32>(b2), 8);
    store<f32>(panel, load<f32>(b3), 12);
    panel += stride;
    b0 += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
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

/** All rows [0, rows) of A over one packed panel. */
// @ts-ignore: decorator
@inline
function panelProduct<Width, Layout>(
  rows: u32,
  columns: u32,
  depth: u32,
  a: usize,
  rowStride: usize,
  step: usize,
  panel: usize,
  start: usize,
  edge: usize,
  c: usize,
  cStride: usize,
  accumulate: bool,
): void {
  const width: u32 = sizeof<Width>() == 8 ? 8 : 4;
  const lastRow = a + rowStride * <usize>(rows - 1);
  for (let i: u32 = 0; i < rows; i += TILE_ROWS) {
    const left = rows - i;
    if (left >= TILE_ROWS && columns == width) {
      tile<Width, Layout>(depth, a, lastRow, rowStride, step, panel, start, c, cStride, accumulate);
    } else {
      tile<Width, Layout>(depth, a, lastRow, rowStride, step, panel, start, edge, PANEL << 2, false);
      storeEdge(edge, c, cStride, min(left, TILE_ROWS), columns, accumulate);
    }
    a += rowStride * TILE_ROWS;
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
  const aRow: usize = <usize>aRowStride << 2;
  const aStep: usize = <usize>aColumnStride << 2;
  const bRow: usize = <usize>bRowStride << 2;
  const bColumn: usize = <usize>bColumnStride << 2;
  const cRow: usize = <usize>cRowStride << 2;
  // Blocks of equal depth: a last sliver would be all overhead.
  const blocks = (depth + MAX_DEPTH - 1) / MAX_DEPTH;
  const blockDepth = max<u32>(((depth + blocks - 1) / max<u32>(blocks, 1) + 3) & ~3, 4);
  for (let j: u32 = 0; j < columns; j += PANEL) {
    const valid = min(columns - j, PANEL);
    const width: u32 = valid > 4 ? 8 : 4;
    for (let k: u32 = 0; k < depth; k += blockDepth) {
      const kc = min(depth - k, blockDepth);
      const from = b + <usize>k * bRow + <usize>j * bColumn;
      if (bColumnStride == 1) {
        packRows(kc, from, bRow, width, scratch);
      } else {
        // Columns beyond the last repeat it.
        const last = from + <usize>(valid - 1) * bColumn;
        for (let group: u32 = 0; group < width; group += 4) {
          const first = from + <usize>group * bColumn;
          packFourColumns(
            kc,
            min(first, last),
            min(first + bColumn, last),
            min(first + 2 * bColumn, last),
            min(first + 3 * bColumn, last),
            width,
            scratch + (group << 2),
          );
        }
      }
      const first = k == 0;
      for (let n: u32 = 0; n < PANEL; n++) {
        const value: f32 =
          first && bias != 0 && n < valid ? load<f32>(bias + <usize>((j + n) << 2)) : 0;
        store<f32>(start + (n << 2), value);
      }
      const add = accumulate || !first;
      const aFrom = a + <usize>k * aStep;
      const to = c + <usize>(j << 2);
      if (aColumnStride == 1 && depth > 0) {
        if (width == 8) {
          panelProduct<u64, u64>(rows, valid, kc, aFrom, aRow, aStep, scratch, start, edge, to, cRow, add);
        } else {
          panelProduct<u32, u64>(rows, valid, kc, aFrom, aRow, aStep, scratch, start, edge, to, cRow, add);
        }
      } else {
        if (width == 8) {
          panelProduct<u64, u32>(rows, valid, kc, aFrom, aRow, aStep, scratch, start, edge, to, cRow, add);
        } else {
          panelProduct<u32, u32>(rows, valid, kc, aFrom, aRow, aStep, scratch, start, edge, to, cRow, add);
        }
      }
    }
  }
}
