// Convolution with kernels of 3 × 3 and stride 1 by Winograd's F(4 × 4, 3 × 3): 36 multiplications for
// 16 outputs that take 144 directly. In the transformed space it is 36 matrix products, one for each
// of the 6 × 6 values. Channels, in and out, are multiples of 4. A value that is not finite reaches all
// outputs of the tiles that see it.
import { panelProduct } from './gemm';
import { PANEL, packStart, TILE_ROWS } from './pack';
import { multiply } from './product';
import { fillSlab } from './slab';
import {
  transformGradient,
  transformKernel,
  transformKernelGradient,
  transformOutput,
  transformPatch,
} from './winograd-transforms';

const POINTS: u32 = 36;
/** The point (1, 1): of A dy Aᵀ it is the sum over the tile. */
const TILE_SUM: u32 = 7;
/** Bytes of one transform's intermediate values. */
const WORK: usize = 36 * 16;

/**
 * Bytes from one point's values to the next's: an odd number of cache lines, so that the 36 values that a
 * transform reads or writes at a time are spread over all sets of the cache.
 */
// @ts-ignore: decorator
@inline
function apart(bytes: usize): usize {
  return ((bytes + 63) & ~127) + 64;
}

/**
 * The weights of input channels (of the rotated kernel: output channels) [first, first + count), packed
 * for multiply: to[36][columns / 8][depth × 8]. Kernel (a, b) is `tap` bytes from (a, b − 1), input k `row`
 * and column n `column` bytes from their neighbours.
 */
export function winogradWeights(
  first: u32,
  count: u32,
  depth: u32,
  columns: u32,
  weights: usize,
  tap: i32,
  row: usize,
  column: usize,
  to: usize,
  scratch: usize,
): void {
  const kernel = scratch + WORK;
  const point = apart((<usize>depth * ((<usize>columns + 7) & ~7)) << 2);
  for (let k = first; k < first + count; k++) {
    for (let n: u32 = 0; n < columns; n += 4) {
      let from = weights + row * <usize>k + column * <usize>n;
      for (let i: usize = 0; i < 9; i++, from += tap) {
        let v = f32x4.splat(load<f32>(from));
        if (column == 4) {
          v = v128.load(from);
        } else {
          v = v128.load32_lane(from + column, v, 1);
          v = v128.load32_lane(from + 2 * column, v, 2);
          v = v128.load32_lane(from + 3 * column, v, 3);
        }
        v128.store(kernel + (i << 4), v);
      }
      transformKernel(kernel, scratch, panelPlace(to, depth, columns, k, n), point);
    }
  }
}

/** Where column n of row k lies in packed panels: the last one is 4 wide if that is enough. */
// @ts-ignore: decorator
@inline
function panelPlace(panels: usize, depth: u32, columns: u32, k: u32, n: u32): usize {
  const wide = columns - (n & ~7) > 4;
  const within = wide ? (k << 5) + ((n & 7) << 2) : k << 4;
  return panels + (<usize>depth * <usize>(n & ~7) << 2) + <usize>within;
}

/**
 * y = W ⋆ x + bias for `lines` lines of tiles (4 lines of pixels), `slabLines` at a time; `most` tiles, a
 * multiple of 6, are in work together. `patches` takes [36][most × channels], `products`
 * [36][most × outChannels], `work` 36 vectors of six tiles and one of a tile.
 */
export function winograd(
  firstLine: u32,
  lines: u32,
  slabLines: u32,
  tilesDown: u32,
  tilesAcross: u32,
  height: u32,
  width: u32,
  channels: u32,
  x: usize,
  top: i32,
  left: i32,
  outHeight: u32,
  outWidth: u32,
  outChannels: u32,
  weights: usize,
  bias: usize,
  y: usize,
  most: u32,
  scratch: usize,
  pixels: usize,
  work: usize,
  patches: usize,
  products: usize,
  slab: usize,
): void {
  const point = apart((<usize>channels * ((<usize>outChannels + 7) & ~7)) << 2);
  for (let done: u32 = 0; done < lines; done += slabLines) {
    const some = min(slabLines, lines - done);
    const pitch = fillSlab(
      firstLine + done, some, tilesDown, tilesAcross, height, width, channels, x,
      6, 6, 4, 1, top, left, slab, pixels,
    );
    const count = some * tilesAcross;
    for (let t: u32 = 0; t < count; t += most) {
      const few = min(most, count - t);
      const groups = (few + TILE_ROWS - 1) / TILE_ROWS;
      const patchBytes = apart(<usize>groups * channels * 24);
      const productBytes = apart(<usize>few * outChannels * 4);
      packTiles(pixels + (<usize>t << 2), few, pitch, channels, work, patches, patchBytes);
      for (let i: u32 = 0; i < POINTS; i++) {
        multiply(
          few, outChannels, channels, patches + patchBytes * i, weights + point * i, 0, 0,
          products + productBytes * i, outChannels, 0, false, scratch,
        );
      }
      const firstTile = (firstLine + done) * tilesAcross + t;
      putTiles(
        firstTile, few, tilesDown, tilesAcross, products, productBytes, outHeight, outWidth,
        outChannels, bias, y, work,
      );
    }
  }
}

/** to[36][count / 6][channels × 6]: the transformed patches, six tiles side by side. */
function packTiles(
  pixels: usize,
  count: u32,
  pitch: usize,
  channels: u32,
  work: usize,
  to: usize,
  next: usize,
): void {
  const pixel = <usize>channels << 2;
  const own = work + WORK * TILE_ROWS;
  const last = pixels + (<usize>(count - 1) << 2);
  for (let t: u32 = 0; t < count; t += TILE_ROWS) {
    for (let c: usize = 0; c < pixel; c += 16, to += 96) {
      for (let n: usize = 0; n < TILE_ROWS; n++) {
        const patch = <usize>load<u32>(min(pixels + (n << 2), last)) + c;
        transformPatch(patch, pitch, pixel, own, work + (n << 4), 96);
      }
      let place = to;
      for (let from = work; from < own; from += 96, place += next) interleave(from, place);
    }
    pixels += TILE_ROWS << 2;
  }
}

/** to[4 × 6] from six vectors. */
// @ts-ignore: decorator
@inline
function interleave(from: usize, to: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from, 16);
  const r2 = v128.load(from, 32);
  const r3 = v128.load(from, 48);
  const r4 = v128.load(from, 64);
  const r5 = v128.load(from, 80);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  const t4 = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5);
  const t5 = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(t0, t2, 0, 2));
  v128.store(to, v128.shuffle<i64>(t4, t0, 0, 3), 16);
  v128.store(to, v128.shuffle<i64>(t2, t4, 1, 3), 32);
  v128.store(to, v128.shuffle<i64>(t1, t3, 0, 2), 48);
  v128.store(to, v128.shuffle<i64>(t5, t1, 0, 3), 64);
  v128.store(to, v128.shuffle<i64>(t3, t5, 1, 3), 80);
}

/** y of `count` tiles from products[36][count × channels]. */
function putTiles(
  firstTile: u32,
  count: u32,
  tilesDown: u32,
  tilesAcross: u32,
  products: usize,
  next: usize,
  height: u32,
  width: u32,
  channels: u32,
  bias: usize,
  y: usize,
  work: usize,
): void {
  const pixel = <usize>channels << 2;
  const pitch = pixel * width;
  for (let t = firstTile; t < firstTile + count; t++) {
    const line = t / tilesAcross;
    const image = line / tilesDown;
    const i = (line % tilesDown) << 2;
    const j = (t % tilesAcross) << 2;
    const rows = min<u32>(4, height - i);
    const columns = min<u32>(4, width - j);
    const to = y + pitch * (<usize>height * image + i) + pixel * j;
    for (let c: usize = 0; c < pixel; c += 16, products += 16) {
      const b = bias == 0 ? f32x4.splat(0) : v128.load(bias + c);
      transformOutput(products, next, b, work, rows, columns, to + c, pitch, pixel);
    }
  }
}

/**
 * sums[36][channels × outChannels] = Σ over tiles of (Bᵀ d B) (A dy Aᵀ) for `lines` lines of tiles, of which
 * dW = Gᵀ sums G; behind them Σ dy [outChannels]. As for winograd; `patches` takes [36][most × channels] and `gradients`
 * [36][outChannels / 8][most × 8]. `dySlab` is 0 if dy is a whole number of tiles.
 */
export function winogradGradient(
  firstLine: u32,
  lines: u32,
  slabLines: u32,
  tilesDown: u32,
  tilesAcross: u32,
  height: u32,
  width: u32,
  channels: u32,
  x: usize,
  top: i32,
  left: i32,
  outHeight: u32,
  outWidth: u32,
  outChannels: u32,
  dy: usize,
  sums: usize,
  most: u32,
  scratch: usize,
  pixels: usize,
  work: usize,
  patches: usize,
  gradients: usize,
  slab: usize,
  dySlab: usize,
): void {
  const start = scratch + TILE_ROWS * PANEL * 4;
  const point = apart(<usize>(channels * outChannels) << 2);
  const dyPixels = pixels + (<usize>(slabLines * tilesAcross) << 2);
  const row = <usize>outChannels << 2;
  const patchPixel = <usize>channels << 2;
  packStart(0, PANEL, start);
  let add = false;
  for (let done: u32 = 0; done < lines; done += slabLines) {
    const some = min(slabLines, lines - done);
    const pitch = fillSlab(
      firstLine + done, some, tilesDown, tilesAcross, height, width, channels, x,
      6, 6, 4, 1, top, left, slab, pixels,
    );
    const dyPitch = fillSlab(
      firstLine + done, some, tilesDown, tilesAcross, outHeight, outWidth, outChannels, dy,
      4, 4, 4, 1, 0, 0, dySlab, dyPixels,
    );
    const count = some * tilesAcross;
    for (let t: u32 = 0; t < count; t += most) {
      const few = min(most, count - t);
      const patchBytes = apart(patchPixel * few);
      const gradientBytes = apart(<usize>few * ((outChannels + 7) & ~7) * 4);
      for (let n: u32 = 0; n < few; n++) {
        const place = <usize>(t + n) << 2;
        const patch = <usize>load<u32>(pixels + place);
        const to = patches + patchPixel * n;
        for (let c: usize = 0; c < patchPixel; c += 16) {
          transformPatch(patch + c, pitch, patchPixel, work, to + c, patchBytes);
        }
        const gradient = <usize>load<u32>(dyPixels + place);
        for (let o: u32 = 0; o < outChannels; o += 4) {
          const panel = panelPlace(gradients, few, outChannels, n, o);
          transformGradient(gradient + (<usize>o << 2), dyPitch, row, work, panel, gradientBytes);
        }
      }
      addPanels(few, outChannels, gradients + gradientBytes * TILE_SUM, sums + point * POINTS, add);
      for (let i: u32 = 0; i < POINTS; i++) {
        const a = patches + patchBytes * i;
        for (let o: u32 = 0; o < outChannels; o += PANEL) {
          const panel = gradients + gradientBytes * i + ((<usize>few * o) << 2);
          const to = sums + point * i + (<usize>o << 2);
          if (outChannels - o > 4) {
            panelProduct<u64>(
              channels, 8, few, a, 24, patchPixel, panel, start, scratch, to, row, add,
            );
          } else {
            panelProduct<u32>(
              channels, 4, few, a, 24, patchPixel, panel, start, scratch, to, row, add,
            );
          }
        }
      }
      add = true;
    }
  }
}

/** to[columns] (+)= Σ over the rows of packed panels. */
function addPanels(rows: u32, columns: u32, panels: usize, to: usize, add: bool): void {
  for (let n: u32 = 0; n < columns; n += 4, to += 16) {
    let from = panelPlace(panels, rows, columns, 0, n);
    const step: usize = columns - (n & ~7) > 4 ? 32 : 16;
    let sum = add ? v128.load(to) : f32x4.splat(0);
    for (let k: u32 = 0; k < rows; k++, from += step) sum = f32x4.add(sum, v128.load(from));
    v128.store(to, sum);
  }
}

/** dW = Gᵀ (Σ over `terms` of sums) G for input channels [first, first + count). */
export function winogradKernel(
  first: u32,
  count: u32,
  channels: u32,
  outChannels: u32,
  terms: u32,
  stride: usize,
  sums: usize,
  dw: usize,
  scratch: usize,
): void {
  const point = apart(<usize>(channels * outChannels) << 2);
  const tap = <usize>(channels * outChannels) << 2;
  const all = scratch + WORK;
  for (let k = first * outChannels; k < (first + count) * outChannels; k += 4) {
    let from = sums + (<usize>k << 2);
    for (let to = all; to < all + WORK; to += 16, from += point) {
      let sum = v128.load(from);
      let at = from;
      for (let i: u32 = 1; i < terms; i++) sum = f32x4.add(sum, v128.load((at += stride)));
      v128.store(to, sum);
    }
    transformKernelGradient(all, scratch, dw + (<usize>k << 2), tap);
  }
}
