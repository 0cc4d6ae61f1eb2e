import type { LayerShape } from '../../core/network/shapes.ts';

/** Multiply-adds that a core does in a minute in networks worth waiting for: measured, roughly. */
const A_MINUTE = 60 * 1e10;
/** Forward, and back to the weights and to the inputs. */
const PASSES = 3;

/** Minutes that an example takes in training, roughly: what a layer of images has is used at every place. */
export function sizeOfWork(
  shapes: readonly Pick<LayerShape, 'outputShape' | 'parameterCount'>[],
): number {
  const products = shapes.reduce((sum, { outputShape, parameterCount }) => {
    const places = outputShape.length === 3 ? outputShape[0]! * outputShape[1]! : 1;
    return sum + parameterCount * places;
  }, 0);
  return (PASSES * products) / A_MINUTE;
}
