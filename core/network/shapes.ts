import type { LossName } from '../config/index.ts';
import type { ConfigPath } from '../events/finding.ts';
import type { Task } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { layerType } from './layers/index.ts';
import {
  type LayerConfig,
  type LayerState,
  type ParameterShape,
  ShapeError,
  sizeOf,
} from './layers/layer.ts';

export interface LayerShape {
  path: ConfigPath;
  /** For display only: the kind and its ordinal among that kind, "relu 2". */
  label: string;
  layer: LayerConfig;
  inputShape: number[];
  outputShape: number[];
  parameters: ParameterShape[];
  states: LayerState[];
  parameterCount: number;
  /**
   * Of a residual block, which stands behind its layers: the first of these in the list. Its own input
   * is what that one takes.
   */
  blockStart: number | null;
}

/**
 * Shapes and parameters of each layer for examples of `inputShape`, in the order of a forward pass.
 * Throws UserError, with the path of the layer, where one cannot take what comes in.
 */
export function inferShapes(
  layers: readonly LayerConfig[],
  inputShape: readonly number[],
): LayerShape[] {
  const ordinals = new Map<string, number>();
  const list: LayerShape[] = [];
  let shape = [...inputShape];

  function add(layer: LayerConfig, path: ConfigPath): void {
    const blockInput = shape;
    const blockStart = layer.kind === 'residual' ? list.length : null;
    if (layer.kind === 'residual') {
      for (const [i, inner] of layer.layers.entries()) add(inner, [...path, 'residual', i]);
      if (shape.join() !== blockInput.join()) {
        throw new UserError(
          `This residual block takes ${formatShape(blockInput)} but its layers give ${formatShape(shape)}: the two are added, so they must be alike. Change its last layer, or put the layer that changes the shape before the block.`,
          { path },
        );
      }
    }
    const ordinal = (ordinals.get(layer.kind) ?? 0) + 1;
    ordinals.set(layer.kind, ordinal);
    const type = layerType(layer);
    const inputs = shape;
    shape = atPath(path, () => type.outputShape(layer, inputs));
    const parameters = type.parameters(layer, inputs);
    list.push({
      path,
      label: `${layer.kind} ${ordinal}`,
      layer,
      inputShape: inputs,
      outputShape: shape,
      parameters,
      states: type.states?.(layer, inputs) ?? [],
      parameterCount: parameters.reduce((sum, { shape: extents }) => sum + sizeOf(extents), 0),
      blockStart,
    });
  }

  for (const [index, layer] of layers.entries()) add(layer, ['model', 'layers', index]);
  return list;
}

function atPath<T>(path: ConfigPath, infer: () => T): T {
  try {
    return infer();
  } catch (error) {
    if (error instanceof ShapeError) throw new UserError(error.message, { path, rule: error.rule });
    throw error;
  }
}

/** "8×8×1", as people write shapes. */
export function formatShape(shape: readonly number[]): string {
  return shape.join('×');
}

/**
 * Does the last layer give what the data and the loss ask for? The message and the layer to blame, or
 * null. `outputs` is the number of classes, or of target values for regression. One output is enough
 * for the binary cross-entropy of two classes.
 */
export function outputMismatch(
  shapes: readonly LayerShape[],
  { outputs, task }: { outputs: number; task: Task },
  loss: LossName,
): { path: ConfigPath; message: string } | null {
  const last = shapes[shapes.length - 1];
  const size = sizeOf(last.outputShape);
  const twoClasses = task === 'classification' && outputs === 2;
  const oneIsEnough = twoClasses && loss === 'binaryCrossEntropy';
  if (size === outputs || (size === 1 && oneIsEnough)) return null;
  const wanted =
    task === 'classification'
      ? `the data has ${outputs} classes, so the network must end in ${oneIsEnough ? '1 or ' : ''}${outputs} outputs`
      : `the data has ${outputs} target value${outputs === 1 ? '' : 's'} an example, so the network must end in ${outputs} output${outputs === 1 ? '' : 's'}`;
  const blamed = shapes.findLast(({ layer }) => 'units' in layer) ?? last;
  const kind = 'units' in blamed.layer ? blamed.layer.kind : 'dense';
  const right = kind === 'dropConnect' ? `{ units: ${outputs} }` : outputs;
  const orLoss = twoClasses && size === 1 ? ', or set loss: binaryCrossEntropy' : '';
  return {
    path: blamed.path,
    message: `The network ends in ${size} output${size === 1 ? '' : 's'}, but ${wanted}. Make the last ${kind} layer \`${kind}: ${right}\`, or add one${orLoss}.`,
  };
}
