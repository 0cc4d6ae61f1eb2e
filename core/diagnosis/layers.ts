import type { Config } from '../config/index.ts';
import type { ConfigPath } from '../events/finding.ts';
import type { LayerSummary } from '../events/run-event.ts';
import type { LayerConfig, LayerKind } from '../network/layers/layer.ts';
import { sizeOf } from '../network/layers/layer.ts';
import type { JudgedTrace } from './rule.ts';

/** A layer with its options, in the order of a forward pass; a residual block stands behind its layers. */
export interface PlacedLayer {
  path: ConfigPath;
  label: string;
  layer: LayerConfig;
  inputShape: number[];
  outputShape: number[];
  parameters: LayerSummary['parameters'];
}

/** The layers whose place in the config is known. */
export function layersOf({ started: { plan }, config }: JudgedTrace): PlacedLayer[] {
  return plan.layers.flatMap(({ path, label, outputShape, parameters }, i) => {
    const layer = layerAt(config, path);
    const inputShape = plan.layers[i - 1]?.outputShape ?? plan.inputShape;
    return layer ? [{ path, label, layer, inputShape, outputShape, parameters }] : [];
  });
}

function layerAt({ model }: Config, path: ConfigPath): LayerConfig | null {
  let { layers } = model;
  let found: LayerConfig | null = null;
  for (const step of path) {
    if (typeof step !== 'number') continue;
    found = layers[step] ?? null;
    if (found?.kind === 'residual') layers = found.layers;
  }
  return found;
}

type WeightKind = 'dense' | 'conv2d' | 'dropConnect' | 'maxout';
export type WeightLayer = PlacedLayer & { layer: Extract<LayerConfig, { kind: WeightKind }> };

/** Whether it has weights, that are drawn by an init. */
export function hasWeights(placed: PlacedLayer): placed is WeightLayer {
  return ['dense', 'conv2d', 'dropConnect', 'maxout'].includes(placed.layer.kind);
}

/** How many values each unit sums up. */
export function fanInOf({ layer, inputShape }: WeightLayer): number {
  return layer.kind === 'conv2d'
    ? layer.kernelHeight * layer.kernelWidth * inputShape[inputShape.length - 1]!
    : sizeOf(inputShape);
}

/** Units of a layer, or channels of an image. */
export function unitsOf({ outputShape }: PlacedLayer): number {
  return outputShape[outputShape.length - 1]!;
}

const ACTIVATIONS: readonly LayerKind[] = [
  'sigmoid',
  'tanh',
  'relu',
  'leakyRelu',
  'prelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'softplus',
  'exponential',
  'softmax',
];

export function isActivation({ layer }: PlacedLayer): boolean {
  return ACTIVATIONS.includes(layer.kind);
}

/** The init that suits what comes behind a layer: the next activation before the next weights. */
export function suitableInit(
  layers: readonly PlacedLayer[],
  at: number,
): 'he' | 'xavier' | 'lecun' {
  switch (activationAfter(layers, at)) {
    case 'relu':
    case 'leakyRelu':
    case 'prelu':
    case 'elu':
    case 'gelu':
    case 'silu':
    case 'softplus':
      return 'he';
    case 'selu':
      return 'lecun';
    default:
      return 'xavier';
  }
}

/** Null: none before the next weights, or the end. */
export function activationAfter(layers: readonly PlacedLayer[], at: number): LayerKind | null {
  for (const placed of layers.slice(at + 1)) {
    if (isActivation(placed)) return placed.layer.kind;
    if (hasWeights(placed) || placed.layer.kind === 'residual') return null;
  }
  return null;
}
