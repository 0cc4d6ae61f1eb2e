// Patches of a slab, packed as the left operand of a matrix product. Value k of a patch is
// (k div segment, k mod segment): its row in the window, and its place in the segment.
import { TILE_ROWS } from './pack';

/**
 * block[count / 6][depth × 6]: of `count` patches the values from, from + 1, …, six patches side by side.
 * Patches beyond the last repeat it.
 */
export function packPatches(
  pixels: usize,
  count: u32,
  from: u32,
  depth: u32,
  segment: u32,
  pitch: usize,
  block: usize,
): void {
  const last = pixels + (<usize>(count - 1) << 2);
  for (let i: u32 = 0; i < count; i += TILE_ROWS, pixels += TILE_ROWS << 2) {
    let row = from / segment;
    let place = from - row * segment;
    for (let left = depth; left > 0; ) {
      const run = min(left, segment - place);
      const offset = pitch * <usize>row + <usize>(place << 2);
      packSix(
        run,
        offset + <usize>load<u32>(pixels),
        offset + <usize>load<u32>(min(pixels + 4, last)),
        offset + <usize>load<u32>(min(pixels + 8, last)),
        offset + <usize>load<u32>(min(pixels + 12, last)),
        offset + <usize>load<u32>(min(pixels + 16, last)),
        offset + <usize>load<u32>(min(pixels + 20, last)),
        block,
      );
      block += <usize>run * 24;
      left -= run;
      row++;
      place = 0;
    }
  }
}

/** block[depth × 6] from six rows: a transposition in blocks of 6 × 4. */
function packSix(
  depth: u32,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  a4: usize,
  a5: usize,
  block: usize,
): void {
  let k: usize = 0;
  const end = <usize>depth << 2;
  for (; k + 16 <= end; k += 16, block += 96) {
    const r0 = v128.load(a0 + k);
    const r1 = v128.load(a1 + k);
    const r2 = v128.load(a2 + k);
    const r3 = v128.load(a3 + k);
    const r4 = v128.load(a4 + k);
    const r5 = v128.load(a5 + k);
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
  }
  for (; k < end; k += 4, block += 24) {
    store<f32>(block, load<f32>(a0 + k));
    store<f32>(block, load<f32>(a1 + k), 4);
    store<f32>(block, load<f32>(a2 + k), 8);
    store<f32>(block, load<f32>(a3 + k), 12);
    store<f32>(block, load<f32>(a4 + k), 16);
    store<f32>(block, load<f32>(a5 + k), 20);
  }
}

/**
 * block[count × 6]: of each patch the six values k, k + 1, …: six rows of the transposed patches. Values
 * beyond the last, size − 1, repeat it.
 */
export function packValues(
  pixels: usize,
  count: u32,
  k: u32,
  size: u32,
  segment: u32,
  pitch: usize,
  block: usize,
): void {
  const end = pixels + (<usize>count << 2);
  const a0 = placeOf(k, segment, pitch);
  if ((k % segment) + TILE_ROWS <= segment) {
    for (; pixels < end; pixels += 4, block += 24) {
      const from = a0 + <usize>load<u32>(pixels);
      v128.store(block, v128.load(from));
      store<u64>(block, load<u64>(from, 16), 16);
    }
    return;
  }
  const last = size - 1;
  const a1 = placeOf(min(k + 1, last), segment, pitch);
  const a2 = placeOf(min(k + 2, last), segment, pitch);
  const a3 = placeOf(min(k + 3, last), segment, pitch);
  const a4 = placeOf(min(k + 4, last), segment, pitch);
  const a5 = placeOf(min(k + 5, last), segment, pitch);
  for (; pixels < end; pixels += 4, block += 24) {
    const from = <usize>load<u32>(pixels);
    store<f32>(block, load<f32>(from + a0));
    store<f32>(block, load<f32>(from + a1), 4);
    store<f32>(block, load<f32>(from + a2), 8);
    store<f32>(block, load<f32>(from + a3), 12);
    store<f32>(block, load<f32>(from + a4), 16);
    store<f32>(block, load<f32>(from + a5), 20);
  }
}

/** Where value k of a patch lies, in bytes from its first. */
function placeOf(k: u32, segment: u32, pitch: usize): usize {
  const row = k / segment;
  return pitch * <usize>row + (<usize>(k - row * segment) << 2);
}
