import type { KernelVariant } from '../events/run-event.ts';
import { relaxedSimd, simd } from './generated/binaries.ts';

/** A byte offset into the arena. 0 stands for "none" where a kernel allows it. */
export type Offset = number;

/**
 * The kernels' exports. All offsets are in bytes into the arena, all counts in elements; formulas and
 * shapes stand beside each kernel in `assembly/`. Nothing is checked here: the plan guarantees
 * shapes and bounds.
 */
export interface Kernels {
  gemmScratchBytes(): number;
  gemm(
    rows: number,
    columns: number,
    depth: number,
    a: Offset,
    aRowStride: number,
    aColumnStride: number,
    b: Offset,
    bRowStride: number,
    bColumnStride: number,
    c: Offset,
    cRowStride: number,
    bias: Offset,
    accumulate: 0 | 1,
    scratch: Offset,
  ): void;
  packLeft(
    rows: number,
    depth: number,
    a: Offset,
    rowStride: number,
    columnStride: number,
    to: Offset,
  ): void;
  packRight(
    columns: number,
    depth: number,
    b: Offset,
    rowStride: number,
    columnStride: number,
    to: Offset,
  ): void;
  multiply(
    rows: number,
    columns: number,
    depth: number,
    left: Offset,
    b: Offset,
    bRowStride: number,
    bColumnStride: number,
    c: Offset,
    cRowStride: number,
    bias: Offset,
    accumulate: 0 | 1,
    scratch: Offset,
  ): void;
  sumBlocks(
    rows: number,
    columns: number,
    blocks: number,
    from: Offset,
    place: number,
    bias: Offset,
    c: Offset,
    cRowStride: number,
  ): void;
  sigmoidForward(count: number, x: Offset, y: Offset): void;
  sigmoidBackward(count: number, y: Offset, dy: Offset, dx: Offset): void;
  tanhForward(count: number, x: Offset, y: Offset): void;
  tanhBackward(count: number, y: Offset, dy: Offset, dx: Offset): void;
  reluForward(count: number, x: Offset, y: Offset): void;
  reluBackward(count: number, y: Offset, dy: Offset, dx: Offset): void;
  leakyReluForward(count: number, slope: number, x: Offset, y: Offset): void;
  leakyReluBackward(count: number, slope: number, y: Offset, dy: Offset, dx: Offset): void;
  eluForward(count: number, scale: number, alpha: number, x: Offset, y: Offset): void;
  eluBackward(count: number, scale: number, alpha: number, y: Offset, dy: Offset, dx: Offset): void;
  geluForward(count: number, x: Offset, y: Offset): void;
  geluBackward(count: number, x: Offset, dy: Offset, dx: Offset): void;
  siluForward(count: number, x: Offset, y: Offset): void;
  siluBackward(count: number, x: Offset, dy: Offset, dx: Offset): void;
  softplusForward(count: number, x: Offset, y: Offset): void;
  softplusBackward(count: number, y: Offset, dy: Offset, dx: Offset): void;
  exponentialForward(count: number, x: Offset, y: Offset): void;
  exponentialBackward(count: number, y: Offset, dy: Offset, dx: Offset): void;
  softmaxForward(rows: number, width: number, x: Offset, y: Offset): void;
  softmaxBackward(rows: number, width: number, y: Offset, dy: Offset, dx: Offset): void;
  maxoutForward(count: number, pieces: number, z: Offset, y: Offset): void;
  maxoutBackward(count: number, pieces: number, z: Offset, dy: Offset): void;
  preluForward(rows: number, channels: number, x: Offset, slope: Offset, y: Offset): void;
  preluBackward(
    rows: number,
    channels: number,
    x: Offset,
    slope: Offset,
    dy: Offset,
    dx: Offset,
  ): void;
  preluSums(
    rows: number,
    channels: number,
    width: number,
    x: Offset,
    dy: Offset,
    sums: Offset,
  ): void;
  sumParts(parts: number, count: number, from: Offset, to: Offset): void;
  batchMoments(
    rows: number,
    channels: number,
    width: number,
    x: Offset,
    means: Offset,
    squares: Offset,
  ): void;
  combineMoments(
    parts: number,
    rowsInPart: number,
    rows: number,
    channels: number,
    epsilon: number,
    moments: Offset,
    mean: Offset,
    inverse: Offset,
    variance: Offset,
  ): void;
  inverseDeviation(channels: number, epsilon: number, variance: Offset, inverse: Offset): void;
  normalize(
    rows: number,
    channels: number,
    x: Offset,
    mean: Offset,
    inverse: Offset,
    scale: Offset,
    shift: Offset,
    y: Offset,
  ): void;
  normalizeSums(
    rows: number,
    channels: number,
    width: number,
    x: Offset,
    mean: Offset,
    dy: Offset,
    sums: Offset,
    products: Offset,
  ): void;
  combineGradients(
    parts: number,
    rows: number,
    channels: number,
    gradients: Offset,
    inverse: Offset,
    scale: Offset,
    dScale: Offset,
    dShift: Offset,
    factors: Offset,
  ): void;
  normalizeBackward(
    rows: number,
    channels: number,
    x: Offset,
    mean: Offset,
    factors: Offset,
    dy: Offset,
    dx: Offset,
  ): void;
  /** Its random words have the key and the counter of a RandomStream; `words`: 64 bytes of scratch. */
  dropoutForward(
    from: number,
    count: number,
    threshold: number,
    scale: number,
    key0: number,
    key1: number,
    purpose: number,
    step0: number,
    step1: number,
    x: Offset,
    y: Offset,
    mask: Offset,
    words: Offset,
  ): void;
  dropoutBackward(count: number, scale: number, mask: Offset, dy: Offset, dx: Offset): void;
  /** y = a + b; y may be a or b. */
  add(count: number, a: Offset, b: Offset, y: Offset): void;
  copy(count: number, from: Offset, to: Offset): void;
  sumRows(rows: number, columns: number, dy: Offset, stride: number, db: Offset): void;
  convolve(
    firstLine: number,
    lines: number,
    slabLines: number,
    outHeight: number,
    outWidth: number,
    height: number,
    width: number,
    channels: number,
    x: Offset,
    kernelHeight: number,
    kernelWidth: number,
    stride: number,
    spread: number,
    top: number,
    left: number,
    outChannels: number,
    blockDepth: number,
    weights: Offset,
    bias: Offset,
    y: Offset,
    scratch: Offset,
    pixels: Offset,
    block: Offset,
    slab: Offset,
  ): void;
  convolutionGradient(
    firstLine: number,
    lines: number,
    slabLines: number,
    outHeight: number,
    outWidth: number,
    height: number,
    width: number,
    channels: number,
    x: Offset,
    kernelHeight: number,
    kernelWidth: number,
    stride: number,
    top: number,
    left: number,
    outChannels: number,
    firstValue: number,
    values: number,
    most: number,
    dy: Offset,
    dw: Offset,
    db: Offset,
    scratch: Offset,
    pixels: Offset,
    block: Offset,
    panels: Offset,
    slab: Offset,
  ): void;
  packRotated(
    firstColumn: number,
    columns: number,
    from: number,
    depth: number,
    taps: number,
    channels: number,
    outChannels: number,
    weights: Offset,
    to: Offset,
  ): void;
  winogradWeights(
    first: number,
    count: number,
    depth: number,
    columns: number,
    weights: Offset,
    tap: number,
    row: number,
    column: number,
    to: Offset,
    scratch: Offset,
  ): void;
  winograd(
    firstLine: number,
    lines: number,
    slabLines: number,
    tilesDown: number,
    tilesAcross: number,
    height: number,
    width: number,
    channels: number,
    x: Offset,
    top: number,
    left: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    weights: Offset,
    bias: Offset,
    y: Offset,
    most: number,
    scratch: Offset,
    pixels: Offset,
    work: Offset,
    patches: Offset,
    products: Offset,
    slab: Offset,
  ): void;
  winogradGradient(
    firstLine: number,
    lines: number,
    slabLines: number,
    tilesDown: number,
    tilesAcross: number,
    height: number,
    width: number,
    channels: number,
    x: Offset,
    top: number,
    left: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    dy: Offset,
    sums: Offset,
    most: number,
    scratch: Offset,
    pixels: Offset,
    work: Offset,
    patches: Offset,
    gradients: Offset,
    slab: Offset,
    dySlab: Offset,
  ): void;
  winogradKernel(
    first: number,
    count: number,
    channels: number,
    outChannels: number,
    terms: number,
    stride: number,
    sums: Offset,
    dw: Offset,
    scratch: Offset,
  ): void;
  sumTerms(count: number, terms: number, stride: number, from: Offset, to: Offset): void;
  maxPoolForward(
    images: number,
    height: number,
    width: number,
    channels: number,
    size: number,
    stride: number,
    x: Offset,
    y: Offset,
    which: Offset,
  ): void;
  maxPoolBackward(
    images: number,
    height: number,
    width: number,
    channels: number,
    size: number,
    stride: number,
    dy: Offset,
    dx: Offset,
    which: Offset,
  ): void;
  avgPoolForward(
    images: number,
    height: number,
    width: number,
    channels: number,
    rows: number,
    columns: number,
    stride: number,
    x: Offset,
    y: Offset,
  ): void;
  avgPoolBackward(
    images: number,
    height: number,
    width: number,
    channels: number,
    rows: number,
    columns: number,
    stride: number,
    dy: Offset,
    dx: Offset,
  ): void;
  softmaxCrossEntropy(
    rows: number,
    classes: number,
    scale: number,
    z: Offset,
    labels: Offset,
    dz: Offset,
    totals: Offset,
  ): void;
  weightedCrossEntropy(
    rows: number,
    classes: number,
    smoothing: number,
    z: Offset,
    labels: Offset,
    weights: Offset,
    dz: Offset,
    totals: Offset,
  ): void;
  distillation(
    rows: number,
    classes: number,
    temperature: number,
    scale: number,
    z: Offset,
    targets: Offset,
    labels: Offset,
    dz: Offset,
    totals: Offset,
  ): void;
  huber(
    rows: number,
    outputs: number,
    delta: number,
    height: number,
    scale: number,
    y: Offset,
    targets: Offset,
    dy: Offset,
    totals: Offset,
  ): void;
  binaryCrossEntropy(
    rows: number,
    outputs: number,
    scale: number,
    z: Offset,
    targets: Offset,
    dz: Offset,
    totals: Offset,
  ): void;
  hinge(
    rows: number,
    classes: number,
    scale: number,
    z: Offset,
    labels: Offset,
    dz: Offset,
    totals: Offset,
  ): void;
  oneHot(rows: number, outputs: number, labels: Offset, targets: Offset): void;
  countRight(rows: number, outputs: number, y: Offset, labels: Offset, totals: Offset): void;
  addSquaredErrors(
    rows: number,
    outputs: number,
    y: Offset,
    targets: Offset,
    unit: Offset,
    totals: Offset,
  ): void;
  sgd(
    count: number,
    rate: number,
    momentum: number,
    nesterov: 0 | 1,
    l1: number,
    l2: number,
    limit: number,
    scale: Offset,
    w: Offset,
    gradient: Offset,
    velocity: Offset,
    norms: Offset,
  ): void;
  rootScaled(
    count: number,
    rate: number,
    keep: number,
    gain: number,
    epsilon: number,
    l1: number,
    l2: number,
    limit: number,
    scale: Offset,
    w: Offset,
    gradient: Offset,
    squares: Offset,
    norms: Offset,
  ): void;
  adam(
    count: number,
    stepSize: number,
    rootScale: number,
    beta1: number,
    beta2: number,
    rest1: number,
    rest2: number,
    epsilon: number,
    decay: number,
    l1: number,
    l2: number,
    limit: number,
    scale: Offset,
    w: Offset,
    gradient: Offset,
    firstMoment: Offset,
    secondMoment: Offset,
    norms: Offset,
  ): void;
  lbfgsMeasure(
    count: number,
    l1: number,
    l2: number,
    limit: number,
    scale: Offset,
    w: Offset,
    gradient: Offset,
    tensors: Offset,
    stride: number,
    sums: Offset,
  ): void;
  lbfgsBegin(
    parts: number,
    rate: number,
    memory: number,
    history: Offset,
    work: Offset,
    sums: Offset,
  ): void;
  lbfgsKeep(
    count: number,
    l1: number,
    l2: number,
    limit: number,
    scale: Offset,
    w: Offset,
    gradient: Offset,
    tensors: Offset,
    stride: number,
    history: Offset,
    work: Offset,
  ): void;
  lbfgsTurn(
    turn: number,
    count: number,
    tensors: Offset,
    stride: number,
    memory: number,
    history: Offset,
    work: Offset,
    sum: Offset,
  ): void;
  lbfgsFactor(
    turn: number,
    parts: number,
    memory: number,
    history: Offset,
    work: Offset,
    sums: Offset,
  ): void;
  lbfgsStep(
    count: number,
    w: Offset,
    tensors: Offset,
    stride: number,
    work: Offset,
    norms: Offset,
  ): void;
  sumSquares(count: number, x: Offset, to: Offset): void;
  scaleToNorm(count: number, largest: number, squares: Offset, to: Offset): void;
  limitColumns(rows: number, columns: number, count: number, largest: number, w: Offset): void;
  measurementBytes(): number;
  measureScratchBytes(): number;
  measure(
    count: number,
    x: Offset,
    minus: Offset,
    below: number,
    above: number,
    scratch: Offset,
    to: Offset,
  ): void;
  measureSaturation(count: number, x: Offset, below: number, to: Offset): void;
  countActive(rows: number, units: number, y: Offset, active: Offset): void;
  /** a ← a + rate (w − a) */
  average(count: number, rate: number, w: Offset, a: Offset): void;
  gatherBytes(
    rows: number,
    features: number,
    order: Offset,
    from: Offset,
    offset: Offset,
    scale: Offset,
    to: Offset,
  ): void;
  gatherFloats(
    rows: number,
    features: number,
    order: Offset,
    from: Offset,
    offset: Offset,
    scale: Offset,
    to: Offset,
  ): void;
  gatherRawBytes(rows: number, features: number, order: Offset, from: Offset, to: Offset): void;
  preprocess(rows: number, features: number, offset: Offset, scale: Offset, x: Offset): void;
  shiftImage(
    height: number,
    width: number,
    channels: number,
    down: number,
    right: number,
    black: number,
    from: Offset,
    to: Offset,
  ): void;
  flipImage(
    height: number,
    width: number,
    channels: number,
    columns: 0 | 1,
    from: Offset,
    to: Offset,
  ): void;
  rotateImage(
    height: number,
    width: number,
    channels: number,
    angle: number,
    black: number,
    from: Offset,
    to: Offset,
  ): void;
  jitterColors(
    pixels: number,
    channels: number,
    brightness: number,
    contrast: number,
    saturation: number,
    low: number,
    high: number,
    x: Offset,
  ): void;
  cutOut(
    height: number,
    width: number,
    channels: number,
    top: number,
    left: number,
    side: number,
    black: number,
    x: Offset,
  ): void;
  addNoise(
    count: number,
    std: number,
    low: number,
    high: number,
    block: number,
    purpose: number,
    step0: number,
    step1: number,
    key0: number,
    key1: number,
    x: Offset,
    work: Offset,
  ): void;
  symmetricProduct(length: number, n: number, a: Offset, v: Offset, p: Offset): void;
  rankTwoUpdate(length: number, n: number, a: Offset, v: Offset, q: Offset): void;
  reflectRows(from: number, to: number, n: number, a: Offset, h: Offset, z: Offset): void;
  rotateRows(first: number, last: number, n: number, cs: Offset, z: Offset): void;
  addWidened(count: number, from: Offset, to: Offset): void;
  neighbourForces(
    n: number,
    stride: number,
    p: Offset,
    points: Offset,
    attraction: Offset,
    repulsion: Offset,
  ): number;
  gatherWords(rows: number, width: number, order: Offset, from: Offset, to: Offset): void;
}

const binaries: Record<KernelVariant, string> = { 'relaxed-simd': relaxedSimd, simd };

function decode(variant: KernelVariant): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(binaries[variant], 'base64'));
}

/** The build this host can run: with fused multiply-add if it has relaxed SIMD. */
export function supportedVariant(): KernelVariant {
  return WebAssembly.validate(decode('relaxed-simd')) ? 'relaxed-simd' : 'simd';
}

/** Kernels over one memory. Throws only if `memory` is not a shared one. */
export function instantiateKernels(memory: WebAssembly.Memory, variant: KernelVariant): Kernels {
  const module = new WebAssembly.Module(decode(variant));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return instance.exports as unknown as Kernels;
}
