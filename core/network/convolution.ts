import type { Kernels, Offset } from '../kernels/kernels.ts';
import { elementsOp, type Op, singleOp } from './op.ts';

/** A kernel that moves over images, NHWC. With `spread` s, s − 1 zeros stand between their pixels. */
export interface Convolution {
  height: number;
  width: number;
  channels: number;
  kernelHeight: number;
  kernelWidth: number;
  stride: number;
  spread: number;
  /** Zeros above and to the left of the image; below and to the right as many as are needed. */
  top: number;
  left: number;
  outHeight: number;
  outWidth: number;
  outChannels: number;
}

/** Where it is computed: `workspace` is shared by all threads, `scratch` is this thread's own. */
export interface ConvolutionContext {
  kernels: Kernels;
  /** The largest batch. */
  capacity: number;
  workspace: Offset;
  scratch: Offset;
}

/** Multiply-adds in one part: some 30 microseconds. */
const PART_WORK = 1 << 20;
/** Weights that one part packs. */
const PACKED_IN_PART = 1 << 15;
/** Deepest block that is packed, as in products: it shares the first-level cache with the other side. */
const MOST_DEPTH = 448;
/** Patches that are packed together. */
const PATCHES = 96;
/** Floats of a slab, or of the packed rows of dy: they fit the second-level cache. */
const MOST_FLOATS = 1 << 16;
/** Floats of all partial sums of a weight gradient; parts that share a batch are no more than these. */
const MOST_PARTIAL_FLOATS = 1 << 20;
const MOST_BATCH_PARTS = 16;
/** Parts that a weight gradient has at least, if the weights are enough. */
const GRADIENT_PARTS = 8;
const TILE_ROWS = 6;
const PANEL = 8;
const TILE_BYTES = 256;

/** The same convolution backward: over dy, with the rotated kernel, it gives dx. */
export function reversed(c: Convolution): Convolution {
  return {
    height: c.outHeight,
    width: c.outWidth,
    channels: c.outChannels,
    kernelHeight: c.kernelHeight,
    kernelWidth: c.kernelWidth,
    stride: 1,
    spread: c.stride,
    top: c.kernelHeight - 1 - c.top,
    left: c.kernelWidth - 1 - c.left,
    outHeight: c.height,
    outWidth: c.width,
    outChannels: c.channels,
  };
}

function patchSize({ kernelHeight, kernelWidth, channels }: Convolution): number {
  return kernelHeight * kernelWidth * channels;
}

function isPadded(c: Convolution): boolean {
  return (
    c.spread > 1 ||
    c.top !== 0 ||
    c.left !== 0 ||
    (c.outHeight - 1) * c.stride + c.kernelHeight > c.height ||
    (c.outWidth - 1) * c.stride + c.kernelWidth > c.width
  );
}

/** Output lines whose patches are laid out at a time. */
function slabLines(c: Convolution): number {
  const floatsInLine = c.stride * seenWidth(c) * c.channels;
  return Math.max(
    1,
    Math.min(Math.floor(MOST_DEPTH / c.outWidth), Math.floor(MOST_FLOATS / floatsInLine)),
  );
}

function seenWidth(c: Convolution): number {
  return (c.outWidth - 1) * c.stride + c.kernelWidth;
}

/** Rows of dy that are packed together for the weight gradient. */
function gradientDepth(c: Convolution): number {
  return Math.max(64, Math.min(MOST_DEPTH, Math.floor(MOST_FLOATS / c.outChannels)));
}

/** The depth of packed weights: blocks of equal size, as a last sliver would be all overhead. */
function blockDepth(c: Convolution): number {
  const size = patchSize(c);
  return roundUp(Math.ceil(size / Math.ceil(size / MOST_DEPTH)), 4);
}

/** Places in a thread's scratch, in bytes from its start. */
function scratchPlaces(c: Convolution) {
  const lines = slabLines(c);
  const images = Math.min(lines, Math.ceil(lines / c.outHeight) + 1);
  const rows = lines * c.stride + images * Math.max(0, c.kernelHeight - c.stride);
  const pixels = TILE_BYTES;
  const block = pixels + roundUp(lines * c.outWidth * 4, 64);
  const panels = block + PATCHES * MOST_DEPTH * 4;
  const slab = panels + gradientDepth(c) * roundUp(c.outChannels, PANEL) * 4;
  return { pixels, block, panels, slab, end: slab + rows * seenWidth(c) * c.channels * 4 + 64 };
}

export function convolutionScratch(c: Convolution): number {
  return scratchPlaces(c).end;
}

/** How the weight gradient is cut: the batch into parts that are summed after, the weights into others. */
function gradientCut(c: Convolution, capacity: number) {
  const size = patchSize(c);
  const weights = size * c.outChannels;
  const partial = roundUp(weights, 16) + roundUp(c.outChannels, 16);
  const most = Math.min(MOST_BATCH_PARTS, Math.max(1, Math.floor(MOST_PARTIAL_FLOATS / partial)));
  const images = Math.ceil(capacity / most);
  const batchParts = Math.ceil(capacity / images);
  const valueParts = Math.ceil(GRADIENT_PARTS / batchParts);
  const values = roundUp(Math.ceil(size / valueParts), TILE_ROWS);
  return { partial, images, batchParts, values, valueParts: Math.ceil(size / values) };
}

/** Bytes of workspace: packed weights, or the partial sums of their gradient. */
export function convolutionWorkspace(c: Convolution, capacity: number): number {
  const { partial, batchParts } = gradientCut(c, capacity);
  const packed = Math.max(packedWeights(c), packedWeights(reversed(c)));
  return Math.max(packed, batchParts > 1 ? partial * batchParts : 0) * 4;
}

function packedWeights(c: Convolution): number {
  const depth = blockDepth(c);
  return Math.ceil(patchSize(c) / depth) * depth * roundUp(c.outChannels, PANEL);
}

/** y = W ⋆ x + b, or with rotated weights dx from dy: x [N × height × width × channels]. */
export function convolutionOps(
  context: ConvolutionContext,
  name: string,
  c: Convolution,
  operands: { x: Offset; weights: Offset; rotated: boolean; bias: Offset; y: Offset },
): Op[] {
  const { kernels, capacity, workspace, scratch } = context;
  const { x, bias, y } = operands;
  const lines = slabLines(c);
  const depth = blockDepth(c);
  const places = scratchPlaces(c);
  const slab = isPadded(c) ? scratch + places.slab : 0;
  const lineWork = c.outWidth * patchSize(c) * c.outChannels;
  const inPart = Math.max(1, Math.round(PART_WORK / lineWork));
  const linesInPart = inPart > lines ? roundUp(inPart, lines) : inPart;
  const convolve = (from: number, count: number) =>
    kernels.convolve(
      from,
      count,
      lines,
      c.outHeight,
      c.outWidth,
      c.height,
      c.width,
      c.channels,
      x,
      c.kernelHeight,
      c.kernelWidth,
      c.stride,
      c.spread,
      c.top,
      c.left,
      c.outChannels,
      depth,
      workspace,
      bias,
      y,
      scratch,
      scratch + places.pixels,
      scratch + places.block,
      slab,
    );
  return [
    packing(context, name, c, operands),
    linesOp(name, c, capacity, c.outHeight, linesInPart, convolve),
  ];
}

/** An op over the `linesInImage` lines of each image of a batch. */
export function linesOp(
  name: string,
  c: Convolution,
  capacity: number,
  linesInImage: number,
  linesInPart: number,
  run: (from: number, count: number) => void,
): Op {
  return {
    name,
    parts: Math.ceil((capacity * linesInImage) / linesInPart),
    run(part, { rows }) {
      const from = part * linesInPart;
      const count = Math.min(linesInPart, rows * linesInImage - from);
      if (count > 0) run(from, count);
    },
    byRows: {
      width: Math.max(c.height * c.width * c.channels, c.outHeight * c.outWidth * c.outChannels),
      run: (from, count) => run(from * linesInImage, count * linesInImage),
    },
  };
}

/** Lays weights out in the order in which tiles read them. */
function packing(
  { kernels, workspace }: ConvolutionContext,
  name: string,
  c: Convolution,
  { weights, rotated }: { weights: Offset; rotated: boolean },
): Op {
  const size = patchSize(c);
  const depth = blockDepth(c);
  const columns = Math.max(1, Math.floor(PACKED_IN_PART / depth / PANEL)) * PANEL;
  const columnParts = Math.ceil(c.outChannels / columns);
  return {
    name: `${name}: pack weights`,
    parts: columnParts * Math.ceil(size / depth),
    run(part) {
      const column = (part % columnParts) * columns;
      const k = Math.floor(part / columnParts) * depth;
      const count = Math.min(columns, c.outChannels - column);
      const deep = Math.min(depth, size - k);
      const to = workspace + k * roundUp(c.outChannels, PANEL) * 4;
      if (rotated) {
        const taps = c.kernelHeight * c.kernelWidth;
        kernels.packRotated(column, count, k, deep, taps, c.outChannels, c.channels, weights, to);
      } else {
        const from = weights + (k * c.outChannels + column) * 4;
        kernels.packRight(count, deep, from, c.outChannels, 1, to + column * deep * 4);
      }
    },
  };
}

/**
 * dW [size × outChannels] = patchesᵀ · dy and db = Σ dy (0: there is none). Parts of the batch have sums
 * of their own, which are added in order.
 */
export function convolutionGradientOps(
  { kernels, capacity, workspace, scratch }: ConvolutionContext,
  name: string,
  c: Convolution,
  { x, dy, dw, db }: { x: Offset; dy: Offset; dw: Offset; db: Offset },
): Op[] {
  const size = patchSize(c);
  const lines = slabLines(c);
  const places = scratchPlaces(c);
  const slab = isPadded(c) ? scratch + places.slab : 0;
  const { partial, images, batchParts, values, valueParts } = gradientCut(c, capacity);
  const weights = size * c.outChannels;
  const biases = roundUp(weights, 16);
  const shared = batchParts > 1;
  const gradient: Op = {
    name,
    parts: batchParts * valueParts,
    run(part, { rows }) {
      const batchPart = Math.floor(part / valueParts);
      const image = batchPart * images;
      const first = (part % valueParts) * values;
      const count = Math.min(images, rows - image);
      if (count <= 0) return;
      const own = workspace + batchPart * partial * 4;
      const ownBiases = shared ? own + biases * 4 : db;
      kernels.convolutionGradient(
        image * c.outHeight,
        count * c.outHeight,
        lines,
        c.outHeight,
        c.outWidth,
        c.height,
        c.width,
        c.channels,
        x,
        c.kernelHeight,
        c.kernelWidth,
        c.stride,
        c.top,
        c.left,
        c.outChannels,
        first,
        Math.min(values, size - first),
        gradientDepth(c),
        dy,
        shared ? own : dw,
        db !== 0 && first === 0 ? ownBiases : 0,
        scratch,
        scratch + places.pixels,
        scratch + places.block,
        scratch + places.panels,
        slab,
      );
    },
  };
  if (!shared) return [gradient];
  const terms = (rows: number) => Math.ceil(rows / images);
  const sum = elementsOp(`${name}: sum`, weights, (from, count, { rows }) =>
    kernels.sumTerms(count, terms(rows), partial * 4, workspace + from * 4, dw + from * 4),
  );
  const sumBiases = singleOp(`${name}: sum biases`, ({ rows }) =>
    kernels.sumTerms(c.outChannels, terms(rows), partial * 4, workspace + biases * 4, db),
  );
  return db === 0 ? [gradient, sum] : [gradient, sum, sumBiases];
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
