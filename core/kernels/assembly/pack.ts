// Packing for the matrix product: what a tile reads one after the other is laid side by side.

export const TILE_ROWS: u32 = 6;
export const PANEL: u32 = 8;
/** Rows of a panel of B: 384 × 8 floats are 12 KiB. */
export const MAX_DEPTH: u32 = 384;
/** Rows of A packed at once: 96 × 384 floats are 144 KiB, well within the second-level cache. */
export const BLOCK_ROWS: u32 = 96;

/**
 * block[rows / 6][depth × 6] from rows of A that lie apart, in blocks of 6 × 4. Rows beyond the last
 * repeat it: what they give is dropped.
 */
export function packBlock(rows: u32, depth: u32, a: usize, rowStride: usize, block: usize): void {
  const last = a + rowStride * <usize>(rows - 1);
  for (let i: u32 = 0; i < rows; i += TILE_ROWS) {
    let a0 = a + rowStride * <usize>i;
    let a1 = min(a0 + rowStride, last);
    let a2 = min(a1 + rowStride, last);
    let a3 = min(a2 + rowStride, last);
    let a4 = min(a3 + rowStride, last);
    let a5 = min(a4 + rowStride, last);
    let k: u32 = 0;
    for (; k + 4 <= depth; k += 4) {
      const r0 = v128.load(a0);
      const r1 = v128.load(a1);
      const r2 = v128.load(a2);
      const r3 = v128.load(a3);
      const r4 = v128.load(a4);
      const r5 = v128.load(a5);
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      const t4 = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5);
      const t5 = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
      v128.store(block, v128.shuffle<i64>(t0, t2, 0, 2));
      v128.store64_lane(block, t4, 0, 16);
      v128.store(block, v128.shuffle<i64>(t0, t2, 1, 3), 24);
      v128.store64_lane(block, t4, 1, 40);
      v128.store(block, v128.shuffle<i64>(t1, t3, 0, 2), 48);
      v128.store64_lane(block, t5, 0, 64);
      v128.store(block, v128.shuffle<i64>(t1, t3, 1, 3), 72);
      v128.store64_lane(block, t5, 1, 88);
      block += 96;
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
      a4 += 16;
      a5 += 16;
    }
    for (; k < depth; k++) {
      store<f32>(block, load<f32>(a0));
      store<f32>(block, load<f32>(a1), 4);
      store<f32>(block, load<f32>(a2), 8);
      store<f32>(block, load<f32>(a3), 12);
      store<f32>(block, load<f32>(a4), 16);
      store<f32>(block, load<f32>(a5), 20);
      block += 24;
      a0 += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
      a4 += 4;
      a5 += 4;
    }
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

/** Columns of a whole line of the cache, and of its neighbour, which comes with it. */
export const WIDE: u32 = 4 * PANEL;

/**
 * Four panels, one after the other, from rows of B whose columns are adjacent. One panel at a time would
 * fetch each line twice, and where the row stride is a power of two, lines evict one another.
 */
export function packFourPanels(depth: u32, b: usize, rowStride: usize, panel: usize): void {
  const second = <usize>depth << 5;
  const third = second + second;
  const fourth = third + second;
  for (let k: u32 = 0; k < depth; k++) {
    v128.store(panel, v128.load(b));
    v128.store(panel, v128.load(b, 16), 16);
    v128.store(panel + second, v128.load(b, 32));
    v128.store(panel + second, v128.load(b, 48), 16);
    v128.store(panel + third, v128.load(b, 64));
    v128.store(panel + third, v128.load(b, 80), 16);
    v128.store(panel + fourth, v128.load(b, 96));
    v128.store(panel + fourth, v128.load(b, 112), 16);
    panel += PANEL << 2;
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

/** panel[depth × width] of B; columns beyond the `valid` ones hold anything. */
export function packPanel(
  depth: u32,
  b: usize,
  rowStride: usize,
  columnStride: usize,
  valid: u32,
  width: u32,
  panel: usize,
): void {
  if (columnStride == 4) {
    packRows(depth, b, rowStride, width, panel);
    return;
  }
  const last = b + <usize>(valid - 1) * columnStride;
  for (let group: u32 = 0; group < width; group += 4) {
    const first = b + <usize>group * columnStride;
    packFourColumns(
      depth,
      min(first, last),
      min(first + columnStride, last),
      min(first + 2 * columnStride, last),
      min(first + 3 * columnStride, last),
      width,
      panel + (group << 2),
    );
  }
}

/** What the accumulators start from: the bias of each column, or 0. */
export function packStart(bias: usize, valid: u32, start: usize): void {
  for (let n: u32 = 0; n < PANEL; n++) {
    const value: f32 = bias != 0 && n < valid ? load<f32>(bias + <usize>(n << 2)) : 0;
    store<f32>(start + (n << 2), value);
  }
}
