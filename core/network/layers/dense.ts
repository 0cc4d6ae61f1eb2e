import { columnsOp } from '../op.ts';
import { type Extents, productOps, productWorkspace, rowMajor, transposed } from '../product.ts';
import { type LayerConfig, type LayerType, sizeOf, weightsAndBiases } from './layer.ts';

type Dense = Extract<LayerConfig, { kind: 'dense' }>;

/**
 * y = x W + b, with x [rows × in], W [in × units], b [units]. An image is flattened first, which
 * costs nothing: rows are contiguous.
 */
export const dense: LayerType<Dense> = {
  outputShape: (layer) => [layer.units],

  parameters(layer, inputShape) {
    const fanIn = sizeOf(inputShape);
    return weightsAndBiases([fanIn, layer.units], fanIn, layer.units, layer.bias);
  },

  reads: { input: true, output: false },
  sees: () => 'all',

  workspace(layer, inputShape, capacity) {
    const { forward, weightGradient, inputGradient } = extentsOf(sizeOf(inputShape), layer.units);
    return Math.max(
      ...[forward, weightGradient, inputGradient].map((e) => productWorkspace(e, capacity)),
    );
  },

  build({ layer, kernels, capacity, inputSize, x, y, dy, dx, parameters, workspace, scratch }) {
    const [weights, biases] = parameters;
    const { units } = layer;
    const inputs = rowMajor(x, inputSize);
    const outputs = rowMajor(y, units);
    const outputGradients = rowMajor(dy, units);
    const w = rowMajor(weights.value.offset, units);
    const context = { kernels, capacity, workspace, scratch };
    const extents = extentsOf(inputSize, units);

    // y[rows × units] = x[rows × in] · W[in × units] + b
    const forward = productOps(context, {
      ...extents.forward,
      name: 'dense forward',
      a: inputs,
      b: w,
      c: outputs,
      bias: biases?.value.offset ?? 0,
    });

    // dW[in × units] = xᵀ[in × rows] · dy[rows × units]
    const backward = productOps(context, {
      ...extents.weightGradient,
      name: 'dense weight gradient',
      a: transposed(inputs),
      b: outputGradients,
      c: rowMajor(weights.gradient.offset, units),
      bias: 0,
    });
    // db[units] = Σ over rows of dy
    if (biases) {
      const db = biases.gradient.offset;
      backward.push(
        columnsOp('dense bias gradient', capacity, units, (from, count, { rows }) =>
          kernels.sumRows(rows, count, dy + from * 4, units, db + from * 4),
        ),
      );
    }
    // dx[rows × in] = dy[rows × units] · Wᵀ[units × in]
    const inputGradient =
      dx === 0
        ? []
        : productOps(context, {
            ...extents.inputGradient,
            name: 'dense input gradient',
            a: outputGradients,
            b: transposed(w),
            c: rowMajor(dx, inputSize),
            bias: 0,
          });
    return { forward, backward: [...backward, ...inputGradient], inputGradient };
  },
};

function extentsOf(inputs: number, units: number) {
  return {
    forward: { rows: 'batch', columns: units, depth: inputs },
    weightGradient: { rows: inputs, columns: units, depth: 'batch' },
    inputGradient: { rows: 'batch', columns: inputs, depth: units },
  } satisfies Record<string, Extents>;
}
