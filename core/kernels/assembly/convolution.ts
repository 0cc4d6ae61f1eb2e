// Convolution as a matrix product whose left operand, the patches of an image, never exists as a
// whole: each block of patches is packed straight from the image for the tiles that read it next.
// Patches [pixels × size] with size = kernelHeight × kernelWidth × channels; weights [size × outChannels].
import { PANEL, packPanel, TILE_ROWS } from './pack';
import { packPatches, packValues } from './patches';
import { multiply, packRight } from './product';
import { fillSlab } from './slab';

/** Patches that are packed together, a multiple of the six of a tile. */
const BLOCK: u32 = 96;

/**
 * y = patches · W + bias for `lines` output lines, `slabLines` at a time; `size` is cut into blocks of
 * `blockDepth`. W is packed: [size / blockDepth][outChannels / 8][blockDepth × 8]. The first parameters are
 * those of fillSlab. `scratch` takes a tile and its start, `block` the packed patches.
 */
export function convolve(
  firstLine: u32,
  lines: u32,
  slabLines: u32,
  outHeight: u32,
  outWidth: u32,
  height: u32,
  width: u32,
  channels: u32,
  x: usize,
  kernelHeight: u32,
  kernelWidth: u32,
  stride: u32,
  spread: u32,
  top: i32,
  left: i32,
  outChannels: u32,
  blockDepth: u32,
  weights: usize,
  bias: usize,
  y: usize,
  scratch: usize,
  pixels: usize,
  block: usize,
  slab: usize,
): void {
  const segment = kernelWidth * channels;
  const size = kernelHeight * segment;
  const columns = (<usize>outChannels + PANEL - 1) & ~(PANEL - 1);
  const pixelBytes = <usize>outChannels << 2;
  y += pixelBytes * <usize>outWidth * <usize>firstLine;
  for (let done: u32 = 0; done < lines; done += slabLines) {
    const some = min(slabLines, lines - done);
    const pitch = fillSlab(
      firstLine + done, some, outHeight, outWidth, height, width, channels, x,
      kernelHeight, kernelWidth, stride, spread, top, left, slab, pixels,
    );
    const count = some * outWidth;
    for (let p: u32 = 0; p < count; p += BLOCK) {
      const few = min(BLOCK, count - p);
      for (let k: u32 = 0; k < size; k += blockDepth) {
        const depth = min(blockDepth, size - k);
        packPatches(pixels + (<usize>p << 2), few, k, depth, segment, pitch, block);
        const panels = weights + ((<usize>k * columns) << 2);
        multiply(
          few, outChannels, depth, block, panels, 0, 0, y, outChannels,
          k == 0 ? bias : 0, k > 0, scratch,
        );
      }
      y += pixelBytes * <usize>few;
    }
  }
}

/**
 * dW = patchesᵀ · dy over `lines` output lines, for the rows [firstValue, firstValue + values) of dW, and
 * db = Σ dy (db = 0: not wanted). `block` takes six values of `most` patches, `panels` as many rows of dy.
 */
export function convolutionGradient(
  firstLine: u32,
  lines: u32,
  slabLines: u32,
  outHeight: u32,
  outWidth: u32,
  height: u32,
  width: u32,
  channels: u32,
  x: usize,
  kernelHeight: u32,
  kernelWidth: u32,
  stride: u32,
  top: i32,
  left: i32,
  outChannels: u32,
  firstValue: u32,
  values: u32,
  most: u32,
  dy: usize,
  dw: usize,
  db: usize,
  scratch: usize,
  pixels: usize,
  block: usize,
  panels: usize,
  slab: usize,
): void {
  const segment = kernelWidth * channels;
  const size = kernelHeight * segment;
  const pixelBytes = <usize>outChannels << 2;
  const end = firstValue + values;
  let add = false;
  dy += pixelBytes * <usize>outWidth * <usize>firstLine;
  for (let done: u32 = 0; done < lines; done += slabLines) {
    const some = min(slabLines, lines - done);
    const pitch = fillSlab(
      firstLine + done, some, outHeight, outWidth, height, width, channels, x,
      kernelHeight, kernelWidth, stride, 1, top, left, slab, pixels,
    );
    const count = some * outWidth;
    for (let p: u32 = 0; p < count; p += most) {
      const few = min(most, count - p);
      packRight(outChannels, few, dy, outChannels, 1, panels);
      if (db != 0) addRows(few, outChannels, dy, db, add);
      for (let k = firstValue; k < end; k += TILE_ROWS) {
        packValues(pixels + (<usize>p << 2), few, k, size, segment, pitch, block);
        multiply(
          min(TILE_ROWS, end - k), outChannels, few, block, panels, 0, 0,
          dw + pixelBytes * <usize>k, outChannels, 0, add, scratch,
        );
      }
      add = true;
      dy += pixelBytes * <usize>few;
    }
  }
}

/** to[columns] (+)= Σ over rows of from[rows × columns]. */
function addRows(rows: u32, columns: u32, from: usize, to: usize, add: bool): void {
  const stride: usize = <usize>columns << 2;
  let j: u32 = 0;
  for (; j + 4 <= columns; j += 4, from += 16, to += 16) {
    let sum = f32x4.splat(0);
    let at = from;
    for (let i: u32 = 0; i < rows; i++, at += stride) sum = f32x4.add(sum, v128.load(at));
    v128.store(to, add ? f32x4.add(v128.load(to), sum) : sum);
  }
  for (; j < columns; j++, from += 4, to += 4) {
    let sum: f32 = 0;
    let at = from;
    for (let i: u32 = 0; i < rows; i++, at += stride) sum += load<f32>(at);
    store<f32>(to, add ? load<f32>(to) + sum : sum);
  }
}

/** to = Σ over `terms` tensors of `count` floats, `stride` bytes apart, in order. */
export function sumTerms(count: u32, terms: u32, stride: usize, from: usize, to: usize): void {
  const end = from + (<usize>count << 2);
  for (; from + 16 <= end; from += 16, to += 16) {
    let sum = v128.load(from);
    let at = from;
    for (let i: u32 = 1; i < terms; i++) sum = f32x4.add(sum, v128.load((at += stride)));
    v128.store(to, sum);
  }
  for (; from < end; from += 4, to += 4) {
    let sum = load<f32>(from);
    let at = from;
    for (let i: u32 = 1; i < terms; i++) sum += load<f32>((at += stride));
    store<f32>(to, sum);
  }
}

/**
 * Packed for convolve over dy, which gives dx: the kernel rotated by 180°, with inputs and outputs
 * swapped. Of B[(tap, o)][i] = W[taps − 1 − tap][i][o] the rows [from, from + depth) and the columns
 * [firstColumn, firstColumn + columns), a multiple of 8 but for the last.
 */
export function packRotated(
  firstColumn: u32,
  columns: u32,
  from: u32,
  depth: u32,
  taps: u32,
  channels: u32,
  outChannels: u32,
  weights: usize,
  to: usize,
): void {
  const row = <usize>outChannels << 2;
  for (let j = firstColumn; j < firstColumn + columns; j += PANEL) {
    const valid = min(firstColumn + columns - j, PANEL);
    const panelWidth: u32 = valid > 4 ? 8 : 4;
    let panel = to + ((<usize>j * <usize>depth) << 2);
    for (let k = from; k < from + depth; ) {
      const tap = k / outChannels;
      const o = k - tap * outChannels;
      const run = min(outChannels - o, from + depth - k);
      const b = weights + row * <usize>((taps - 1 - tap) * channels + j) + (<usize>o << 2);
      if (outChannels == 1) packPanel(1, b, 4, 4, valid, panelWidth, panel);
      else packPanel(run, b, 4, row, valid, panelWidth, panel);
      panel += <usize>(run * panelWidth) << 2;
      k += run;
    }
  }
}
