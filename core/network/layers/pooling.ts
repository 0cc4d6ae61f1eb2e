import { type Op, rowsOp } from '../op.ts';
import { type ImageShape, imageOf, windowsIn } from './image.ts';
import {
  type LayerConfig,
  type LayerContext,
  type LayerType,
  ShapeError,
  sizeOf,
  type Window,
} from './layer.ts';

type MaxPool = Extract<LayerConfig, { kind: 'maxPool' }>;
type AvgPool = Extract<LayerConfig, { kind: 'avgPool' }>;
type GlobalAvgPool = Extract<LayerConfig, { kind: 'globalAvgPool' }>;

function pooledShape({ kind, size, stride }: MaxPool | AvgPool, inputShape: readonly number[]) {
  const { height, width, channels } = imageOf(kind, inputShape);
  if (size > Math.min(height, width)) {
    throw new ShapeError(
      `${kind} has windows of ${size} × ${size} pixels, but the image that comes in has ${height} × ${width}: not one fits. Use a smaller size, or fewer layers that shrink the image before it.`,
    );
  }
  return [windowsIn(height, size, stride), windowsIn(width, size, stride), channels];
}

function pooledWindow({ size, stride }: MaxPool | AvgPool): Window {
  return { height: size, width: size, stride, top: 0, left: 0 };
}

/** y = max of each window; dx = dy at the first of the largest values. */
export const maxPool: LayerType<MaxPool> = {
  outputShape: pooledShape,
  parameters: () => [],
  reads: { input: false, output: false },
  sees: pooledWindow,
  /** The place of each maximum in its window, uint16. */
  caches: (layer, inputShape, capacity) => [capacity * sizeOf(pooledShape(layer, inputShape)) * 2],
  build(context) {
    const { layer, kernels, inputShape, caches } = context;
    const { height, width, channels } = imageOf(layer.kind, inputShape);
    const which = (from: number) => caches[0] + from * context.outputSize * 2;
    return poolingOps(
      context,
      (count, x, y, from) =>
        kernels.maxPoolForward(
          count,
          height,
          width,
          channels,
          layer.size,
          layer.stride,
          x,
          y,
          which(from),
        ),
      (count, dy, dx, from) =>
        kernels.maxPoolBackward(
          count,
          height,
          width,
          channels,
          layer.size,
          layer.stride,
          dy,
          dx,
          which(from),
        ),
    );
  },
};

/** y = mean of each window; each pixel of it gets its share of dy. */
export const avgPool: LayerType<AvgPool> = {
  outputShape: pooledShape,
  parameters: () => [],
  reads: { input: false, output: false },
  sees: pooledWindow,
  build(context) {
    const { layer, inputShape } = context;
    const image = imageOf(layer.kind, inputShape);
    return averagingOps(context, image, layer.size, layer.size, layer.stride);
  },
};

/** y [channels] = mean of each channel over the whole image. */
export const globalAvgPool: LayerType<GlobalAvgPool> = {
  outputShape: (layer, inputShape) => [imageOf(layer.kind, inputShape).channels],
  parameters: () => [],
  reads: { input: false, output: false },
  sees: () => 'all',
  build(context) {
    const { layer, inputShape } = context;
    const image = imageOf(layer.kind, inputShape);
    return averagingOps(context, image, image.height, image.width, 1);
  },
};

function averagingOps(
  context: LayerContext<AvgPool> | LayerContext<GlobalAvgPool>,
  { height, width, channels }: ImageShape,
  rows: number,
  columns: number,
  stride: number,
) {
  const { kernels } = context;
  return poolingOps(
    context,
    (count, x, y) =>
      kernels.avgPoolForward(count, height, width, channels, rows, columns, stride, x, y),
    (count, dy, dx) =>
      kernels.avgPoolBackward(count, height, width, channels, rows, columns, stride, dy, dx),
  );
}

/** The ops of a kind of pooling, cut by examples: `from` is the first of them. */
function poolingOps(
  context: LayerContext<MaxPool> | LayerContext<AvgPool> | LayerContext<GlobalAvgPool>,
  forward: (count: number, x: number, y: number, from: number) => void,
  backward: (count: number, dy: number, dx: number, from: number) => void,
) {
  const { layer, capacity, inputSize, outputSize, x, y, dy, dx } = context;
  const op = (direction: string, run: (from: number, count: number) => void): Op =>
    rowsOp(`${layer.kind} ${direction}`, capacity, inputSize, run);
  const input = (from: number) => from * inputSize * 4;
  const output = (from: number) => from * outputSize * 4;
  return {
    forward: [
      op('forward', (from, count) => forward(count, x + input(from), y + output(from), from)),
    ],
    backward:
      dx === 0
        ? []
        : [
            op('backward', (from, count) =>
              backward(count, dy + output(from), dx + input(from), from),
            ),
          ],
  };
}
