import type { ConfigPath } from '../events/finding.ts';
import type { ParameterSummary } from '../events/run-event.ts';
import { layerType } from './layers/index.ts';
import { type LayerConfig, sizeOf } from './layers/layer.ts';

export interface LayerShape {
  path: ConfigPath;
  /** For display only: the kind and its ordinal among that kind, "relu 2". */
  label: string;
  layer: LayerConfig;
  inputShape: number[];
  outputShape: number[];
  parameters: ParameterSummary[];
  parameterCount: number;
}

/** Shapes and parameters of each layer for examples of `inputShape`. */
export function inferShapes(
  layers: readonly LayerConfig[],
  inputShape: readonly number[],
): LayerShape[] {
  const ordinals = new Map<string, number>();
  let shape = [...inputShape];
  return layers.map((layer, index) => {
    const ordinal = (ordinals.get(layer.kind) ?? 0) + 1;
    ordinals.set(layer.kind, ordinal);
    const type = layerType(layer);
    const inputs = shape;
    shape = type.outputShape(layer, inputs);
    const parameters = type.parameters(layer, inputs).map((parameter) => ({
      id: `model.layers.${index}.${parameter.name}`,
      ...parameter,
    }));
    return {
      path: ['model', 'layers', index],
      label: `${layer.kind} ${ordinal}`,
      layer,
      inputShape: inputs,
      outputShape: shape,
      parameters,
      parameterCount: parameters.reduce((sum, { shape: extents }) => sum + sizeOf(extents), 0),
    };
  });
}

/** "8×8×1", as people write shapes. */
export function formatShape(shape: readonly number[]): string {
  return shape.join('×');
}

/**
 * Does the last layer give what the data asks for? The message and the layer to blame, or null.
 * `outputs` is the number of classes, or of target values for regression.
 */
export function outputMismatch(
  shapes: readonly LayerShape[],
  outputs: number,
  task: 'classification' | 'regression',
): { path: ConfigPath; message: string } | null {
  const last = shapes[shapes.length - 1];
  const size = sizeOf(last.outputShape);
  if (size === outputs) return null;
  const wanted =
    task === 'classification'
      ? `the data has ${outputs} classes, so the network must end in ${outputs} outputs`
      : `the data has ${outputs} target value${outputs === 1 ? '' : 's'} an example, so the network must end in ${outputs} output${outputs === 1 ? '' : 's'}`;
  const blamed = shapes.findLast((shape) => shape.layer.kind === 'dense') ?? last;
  return {
    path: blamed.path,
    message: `The network ends in ${size} output${size === 1 ? '' : 's'}, but ${wanted}. Make the last dense layer \`dense: ${outputs}\`, or add one.`,
  };
}
