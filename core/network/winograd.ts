import type { Offset } from '../kernels/kernels.ts';
import { type Convolution, type ConvolutionContext, linesOp, roundUp } from './convolution.ts';
import { type Op, singleOp } from './op.ts';

const TILE = 4;
const POINTS = 36;
const PANEL = 8;
/** Tiles whose transformed values are in work together, a multiple of the six rows of a product. */
const TILES = 24;
const GRADIENT_TILES = 48;
/** Multiply-adds in one part: some 50 microseconds. */
const PART_WORK = 1 << 20;
const FEWEST_CHANNELS = 16;
/** Direct multiplications for one of Winograd's, below which the transforms cost more than they save. */
const LEAST_GAIN = 1.6;
/** Parts of a batch whose weight gradients are summed apart, and floats of all these sums. */
const MOST_PARTS = 16;
const FEWEST_PARTS = 4;
const MOST_SUMS = 1 << 21;
const SCRATCH_TILE = 256;
/** Vectors of six patches, and of one in between. */
const WORK = POINTS * 16 * 7;

/** Kernels of 3 × 3 and stride 1 with enough channels and pixels take Winograd's algorithm. */
export function suitsWinograd(c: Convolution): boolean {
  const { down, across } = tilesOf(c);
  return (
    c.kernelHeight === 3 &&
    c.kernelWidth === 3 &&
    c.stride === 1 &&
    c.spread === 1 &&
    c.channels % 4 === 0 &&
    c.outChannels % 4 === 0 &&
    Math.min(c.channels, c.outChannels) >= FEWEST_CHANNELS &&
    9 * c.outHeight * c.outWidth >= LEAST_GAIN * POINTS * down * across
  );
}

/** The weight gradient keeps sums for each part of the batch; they must not be too large. */
export function suitsWinogradGradient(c: Convolution, capacity: number): boolean {
  const { parts } = gradientCut(c, capacity);
  return suitsWinograd(c) && parts >= Math.min(capacity, FEWEST_PARTS);
}

function tilesOf(c: Convolution) {
  return { down: Math.ceil(c.outHeight / TILE), across: Math.ceil(c.outWidth / TILE) };
}

/** Floats of one point's values: an odd number of cache lines, as in the kernels. */
function apart(floats: number): number {
  return Math.floor((floats + 15) / 32) * 32 + 16;
}

/** Lines of tiles that are laid out at a time, and the floats of their patches with zeros around. */
function slabOf(c: Convolution, most: number, window: number, channels: number) {
  const { down, across } = tilesOf(c);
  const lines = Math.max(1, Math.floor(most / across));
  const images = Math.min(lines, Math.ceil(lines / down) + 1);
  const rows = lines * TILE + images * (window - TILE);
  return { lines, floats: rows * ((across - 1) * TILE + window) * channels };
}

/** Places in a thread's scratch, in bytes from its start; those of the gradient come last. */
function scratchPlaces(c: Convolution, tiles: number, withGradient: boolean) {
  const { lines, floats } = slabOf(c, tiles, TILE + 2, c.channels);
  const pixels = SCRATCH_TILE;
  const work = pixels + roundUp(lines * tilesOf(c).across * 8, 64);
  const patches = work + WORK;
  const products = patches + (POINTS * apart(tiles * c.channels) + 16) * 4;
  const slab = products + POINTS * apart(tiles * roundUp(c.outChannels, PANEL)) * 4;
  const dySlab = slab + roundUp(floats * 4, 64);
  const dyFloats = withGradient ? slabOf(c, tiles, TILE, c.outChannels).floats : 0;
  return { pixels, work, patches, products, slab, dySlab, end: dySlab + dyFloats * 4 + 64 };
}

export function winogradScratch(c: Convolution): number {
  return Math.max(scratchPlaces(c, TILES, false).end, scratchPlaces(c, GRADIENT_TILES, true).end);
}

/** Bytes of the transformed weights. */
export function winogradWorkspace(c: Convolution): number {
  return POINTS * apart(c.channels * roundUp(c.outChannels, PANEL)) * 4;
}

export function winogradGradientWorkspace(c: Convolution, capacity: number): number {
  return gradientCut(c, capacity).parts * sumsOf(c) * 4;
}

function sumsOf(c: Convolution): number {
  return sumsOfWeights(c) + roundUp(c.outChannels, 16);
}

function sumsOfWeights(c: Convolution): number {
  return POINTS * apart(c.channels * c.outChannels);
}

function gradientCut(c: Convolution, capacity: number) {
  const most = Math.max(1, Math.min(MOST_PARTS, Math.floor(MOST_SUMS / sumsOf(c))));
  // Fewer sums are less to add; eight parts are enough for two threads.
  const images = Math.max(Math.ceil(capacity / most), Math.min(8, Math.ceil(capacity / 8)));
  return { images, parts: Math.ceil(capacity / images) };
}

/** y = W ⋆ x + b; or dx from dy, of the reversed convolution with the kernel rotated by 180°. */
export function winogradOps(
  { kernels, capacity, workspace, scratch }: ConvolutionContext,
  name: string,
  c: Convolution,
  {
    x,
    weights,
    rotated,
    bias,
    y,
  }: {
    x: Offset;
    weights: Offset;
    rotated: boolean;
    bias: Offset;
    y: Offset;
  },
): Op[] {
  const { down, across } = tilesOf(c);
  const { lines } = slabOf(c, TILES, TILE + 2, c.channels);
  const places = scratchPlaces(c, TILES, false);
  const tileWork = POINTS * c.channels * c.outChannels;
  const linesInPart = lines * Math.max(1, Math.round(PART_WORK / (tileWork * across * lines)));
  const rowsInPart = Math.max(1, Math.round((1 << 15) / (POINTS * c.outChannels)));
  const tap = c.channels * c.outChannels * 4;
  return [
    {
      name: `${name}: transform weights`,
      parts: Math.ceil(c.channels / rowsInPart),
      run(part) {
        const first = part * rowsInPart;
        kernels.winogradWeights(
          first,
          Math.min(rowsInPart, c.channels - first),
          c.channels,
          c.outChannels,
          rotated ? weights + 8 * tap : weights,
          rotated ? -tap : tap,
          rotated ? 4 : c.outChannels * 4,
          rotated ? c.channels * 4 : 4,
          workspace,
          scratch,
        );
      },
    },
    linesOp(name, c, capacity, down, linesInPart, (from, count) =>
      kernels.winograd(
        from,
        count,
        lines,
        down,
        across,
        c.height,
        c.width,
        c.channels,
        x,
        c.top,
        c.left,
        c.outHeight,
        c.outWidth,
        c.outChannels,
        workspace,
        bias,
        y,
        TILES,
        scratch,
        scratch + places.pixels,
        scratch + places.work,
        scratch + places.patches,
        scratch + places.products,
        scratch + places.slab,
      ),
    ),
  ];
}

/** dW, and db unless 0: parts of the batch have sums of their own in the transformed space, which are added in order. */
export function winogradGradientOps(
  { kernels, capacity, workspace, scratch }: ConvolutionContext,
  name: string,
  c: Convolution,
  { x, dy, dw, db }: { x: Offset; dy: Offset; dw: Offset; db: Offset },
): Op[] {
  const { down, across } = tilesOf(c);
  const { lines } = slabOf(c, GRADIENT_TILES, TILE + 2, c.channels);
  const places = scratchPlaces(c, GRADIENT_TILES, true);
  const { images, parts } = gradientCut(c, capacity);
  const sumBytes = sumsOf(c) * 4;
  const biases = workspace + sumsOfWeights(c) * 4;
  const whole = c.outHeight % TILE === 0 && c.outWidth % TILE === 0;
  const channelsInPart = Math.max(1, Math.floor((1 << 16) / (POINTS * parts * c.outChannels)));
  const ops: Op[] = [
    {
      name,
      parts,
      run(part, { rows }) {
        const image = part * images;
        const count = Math.min(images, rows - image);
        if (count <= 0) return;
        kernels.winogradGradient(
          image * down,
          count * down,
          lines,
          down,
          across,
          c.height,
          c.width,
          c.channels,
          x,
          c.top,
          c.left,
          c.outHeight,
          c.outWidth,
          c.outChannels,
          dy,
          workspace + part * sumBytes,
          GRADIENT_TILES,
          scratch,
          scratch + places.pixels,
          scratch + places.work,
          scratch + places.patches,
          scratch + places.products,
          scratch + places.slab,
          whole ? 0 : scratch + places.dySlab,
        );
      },
    },
    {
      name: `${name}: sum`,
      parts: Math.ceil(c.channels / channelsInPart),
      run(part, { rows }) {
        const first = part * channelsInPart;
        const count = Math.min(channelsInPart, c.channels - first);
        const terms = Math.ceil(rows / images);
        kernels.winogradKernel(
          first,
          count,
          c.channels,
          c.outChannels,
          terms,
          sumBytes,
          workspace,
          dw,
          scratch,
        );
      },
    },
  ];
  if (db !== 0) {
    ops.push(
      singleOp(`${name}: sum biases`, ({ rows }) =>
        kernels.sumTerms(c.outChannels, Math.ceil(rows / images), sumBytes, biases, db),
      ),
    );
  }
  return ops;
}
