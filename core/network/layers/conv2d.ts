import {
  type Convolution,
  convolutionGradientOps,
  convolutionOps,
  convolutionScratch,
  convolutionWorkspace,
  reversed,
} from '../convolution.ts';
import {
  suitsWinograd,
  suitsWinogradGradient,
  winogradGradientOps,
  winogradGradientWorkspace,
  winogradOps,
  winogradScratch,
  winogradWorkspace,
} from '../winograd.ts';
import { imageOf, windowsIn } from './image.ts';
import { type LayerConfig, type LayerType, ShapeError, weightsAndBiases } from './layer.ts';

type Conv2d = Extract<LayerConfig, { kind: 'conv2d' }>;

/**
 * y[n, i, j, o] = Σ over a, b, c of x[n, i s − top + a, j s − left + b, c] · W[a, b, c, o] + b[o], with
 * zeros outside the image and W [kernelHeight × kernelWidth × channels × filters].
 */
export const conv2d: LayerType<Conv2d> = {
  outputShape(layer, inputShape) {
    const { outHeight, outWidth, outChannels } = convolutionOf(layer, inputShape);
    return [outHeight, outWidth, outChannels];
  },

  parameters(layer, inputShape) {
    const { channels } = imageOf(layer.kind, inputShape);
    const window = layer.kernelHeight * layer.kernelWidth;
    return weightsAndBiases(
      [layer.kernelHeight, layer.kernelWidth, channels, layer.channels],
      window * channels,
      window * layer.channels,
      layer.bias,
    );
  },

  reads: { input: true, output: false },

  sees(layer, inputShape) {
    const { kernelHeight, kernelWidth, stride, top, left } = convolutionOf(layer, inputShape);
    return { height: kernelHeight, width: kernelWidth, stride, top, left };
  },

  workspace(layer, inputShape, capacity) {
    const c = convolutionOf(layer, inputShape);
    const direct = convolutionWorkspace(c, capacity);
    if (!suitsWinograd(c)) return direct;
    const gradient = suitsWinogradGradient(c, capacity)
      ? winogradGradientWorkspace(c, capacity)
      : 0;
    return Math.max(direct, gradient, winogradWorkspace(c), winogradWorkspace(reversed(c)));
  },

  scratch(layer, inputShape) {
    const c = convolutionOf(layer, inputShape);
    return Math.max(
      ...[c, reversed(c)].flatMap((each) => [
        convolutionScratch(each),
        suitsWinograd(each) ? winogradScratch(each) : 0,
      ]),
    );
  },

  build(context) {
    const { layer, capacity, inputShape, x, y, dy, dx, parameters } = context;
    const [weights, biases] = parameters;
    const c = convolutionOf(layer, inputShape);
    const forward = (suitsWinograd(c) ? winogradOps : convolutionOps)(
      context,
      'conv2d forward',
      c,
      {
        x,
        weights: weights.value.offset,
        rotated: false,
        bias: biases?.value.offset ?? 0,
        y,
      },
    );
    const gradientOps = suitsWinogradGradient(c, capacity)
      ? winogradGradientOps
      : convolutionGradientOps;
    const backward = gradientOps(context, 'conv2d weight gradient', c, {
      x,
      dy,
      dw: weights.gradient.offset,
      db: biases?.gradient.offset ?? 0,
    });
    const back = reversed(c);
    const inputGradient =
      dx === 0
        ? []
        : (suitsWinograd(back) ? winogradOps : convolutionOps)(
            context,
            'conv2d input gradient',
            back,
            { x: dy, weights: weights.value.offset, rotated: true, bias: 0, y: dx },
          );
    return { forward, backward: [...backward, ...inputGradient], inputGradient };
  },
};

function convolutionOf(layer: Conv2d, inputShape: readonly number[]): Convolution {
  const { height, width, channels } = imageOf(layer.kind, inputShape);
  const { kernelHeight, kernelWidth, stride, padding } = layer;
  const rows = alongAxis(height, kernelHeight, stride, padding);
  const columns = alongAxis(width, kernelWidth, stride, padding);
  if (rows.out < 1 || columns.out < 1) {
    const around = padding === 'valid' || padding === 0 ? '' : ` with its padding of ${padding}`;
    throw new ShapeError(
      `The kernel has ${kernelHeight} × ${kernelWidth} pixels, but the image that comes in has ${height} × ${width}${around}: the kernel does not fit. Use a smaller kernel, \`padding: same\`, or fewer layers that shrink the image before it.`,
    );
  }
  return {
    height,
    width,
    channels,
    kernelHeight,
    kernelWidth,
    stride,
    spread: 1,
    top: rows.before,
    left: columns.before,
    outHeight: rows.out,
    outWidth: columns.out,
    outChannels: layer.channels,
  };
}

/** Outputs along one axis, and zeros before it. `same` as in TensorFlow: the smaller half comes first. */
function alongAxis(extent: number, kernel: number, stride: number, padding: Conv2d['padding']) {
  if (padding === 'same') {
    const out = Math.ceil(extent / stride);
    const total = Math.max((out - 1) * stride + kernel - extent, 0);
    return { out, before: Math.floor(total / 2) };
  }
  const before = padding === 'valid' ? 0 : padding;
  return { out: windowsIn(extent + 2 * before, kernel, stride), before };
}
