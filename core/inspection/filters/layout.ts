import type { LayerSummary, PlanSummary } from '../../events/run-event.ts';

/** What each unit of a layer weighs, as an image: what it looks for. */
export interface FilterLayout {
  height: number;
  width: number;
  /** Channels of what comes in. */
  channels: number;
  units: number;
}

/** The first layer that has weights. */
export interface FirstLayer {
  layer: LayerSummary;
  /** Index of its weights among the parameter sets over all layers. */
  parameter: number;
  /** Null where they are no images; `reason` is why, in a sentence. */
  layout: FilterLayout | null;
  reason: string;
}

/**
 * Where the first weights lie, and the images in them: the kernels of a convolution, or one weight a
 * pixel for each unit of a dense layer. Layers before it that have no weights leave an image an image, if
 * a smaller one (pooling). Null where no layer has weights.
 */
export function firstLayer({ inputShape, rotation, layers }: PlanSummary): FirstLayer | null {
  const isImage = inputShape.length === 3 && !rotation;
  let shape: readonly number[] | null = isImage ? inputShape : null;
  let mixedBy: string | null = rotation ? `preprocess: ${rotation}` : null;
  let parameter = 0;
  for (const layer of layers) {
    const own = layer.parameters.findIndex(({ name }) => name === 'weights');
    if (own >= 0) {
      const extents = layer.parameters[own]!.shape;
      const layout = extents.length === 4 ? ofKernels(extents) : ofDense(shape, extents);
      const reason = layout ? '' : reasonAgainst(inputShape, layer.label, extents, mixedBy);
      return { layer, parameter: parameter + own, layout, reason };
    }
    parameter += layer.parameters.length;
    const next = shape && through(shape, layer);
    if (shape && !next) mixedBy = layer.label;
    shape = next;
  }
  return null;
}

/** [height × width × channels × filters] */
function ofKernels([height, width, channels, units]: readonly number[]): FilterLayout | null {
  return height! * width! > 1
    ? { height: height!, width: width!, channels: channels!, units: units! }
    : null;
}

/** [features × units], the features being the pixels of an image of this shape. */
function ofDense(image: readonly number[] | null, weights: readonly number[]): FilterLayout | null {
  if (!image) return null;
  const [height, width, channels] = image;
  if (height! * width! === 1) return null;
  return { height: height!, width: width!, channels: channels!, units: weights.at(-1)! };
}

/** The image that leaves a layer without weights; null if its pixels are mixed. */
function through(image: readonly number[], layer: LayerSummary): readonly number[] | null {
  const { outputShape, kind } = layer;
  if (kind === 'softmax') return null;
  if (outputShape.length === 3) return outputShape;
  return sizeOf(outputShape) === sizeOf(image) ? image : null;
}

function reasonAgainst(
  inputShape: readonly number[],
  label: string,
  weights: readonly number[],
  mixedBy: string | null,
): string {
  if (weights.length === 4)
    return `The kernels of ${label} are of one pixel: there is no image in them.`;
  if (mixedBy) return `${mixedBy}, before ${label}, leaves no image: only its matrix can be shown.`;
  const features = `${sizeOf(inputShape).toLocaleString('en-US')} feature${sizeOf(inputShape) === 1 ? '' : 's'}`;
  if (inputShape.length !== 3)
    return `An example is a plain list of ${features}, no image, so the weights have no picture. If the features are pixels, say so in the config with data.image.`;
  return 'An example is an image of one pixel: there is no picture in the weights.';
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, extent) => size * extent, 1);
