import type { LinearOptions } from './config.ts';
import type { Layer, ParameterShape, Values } from './layer.ts';
import { sizeOf, zeros } from './tensor.ts';

/** Weights, and one bias for each of their last extent. */
export function weightsAndBiases(
  shape: number[],
  { bias = true, regularization }: LinearOptions,
): ParameterShape[] {
  const weights = { name: 'weights', shape, regularization };
  return bias ? [weights, { name: 'biases', shape: shape.slice(-1), regularization }] : [weights];
}

/** yⱼ = Σᵢ xᵢ wᵢⱼ + bⱼ, with weights [in × units]. */
export function dense({ units, ...options }: { units: number } & LinearOptions): Layer {
  return {
    outputShape: () => [units],
    parameters: (inputShape) => weightsAndBiases([sizeOf(inputShape), units], options),
    states: () => [],
    forward(x, { weights, biases }) {
      const [rows] = x.shape;
      const inputs = x.values.length / rows;
      const y = zeros([rows, units]);
      for (let n = 0; n < rows; n++) {
        for (let j = 0; j < units; j++) {
          let sum = biases ? biases[j] : 0;
          for (let i = 0; i < inputs; i++) sum += x.values[n * inputs + i] * weights[i * units + j];
          y.values[n * units + j] = sum;
        }
      }
      return {
        y,
        backward(dy) {
          const dx = zeros(x.shape);
          const dw = new Float64Array(weights.length);
          const db = new Float64Array(units);
          for (let n = 0; n < rows; n++) {
            for (let j = 0; j < units; j++) {
              const d = dy.values[n * units + j];
              db[j] += d;
              for (let i = 0; i < inputs; i++) {
                dw[i * units + j] += x.values[n * inputs + i] * d;
                dx.values[n * inputs + i] += weights[i * units + j] * d;
              }
            }
          }
          const gradients: Values = biases ? { weights: dw, biases: db } : { weights: dw };
          return { dx, gradients };
        },
        states: {},
      };
    },
  };
}

/** A dense layer whose weights are masked: `mask` [in × units] of 0 and 1/(1 − rate), 1 at test. */
export function dropConnect({
  rate,
  ...options
}: { units: number; rate: number } & LinearOptions): Layer {
  const linear = dense(options);
  return {
    ...linear,
    masks: (inputShape) => [
      { name: 'mask', size: sizeOf(inputShape) * options.units, ofRow: false, rate },
    ],
    forward(x, { weights, biases, mask }, training) {
      const masked = weights.map((weight, i) => (training ? weight * mask[i] : weight));
      const { y, backward } = linear.forward(x, { weights: masked, biases }, training);
      return {
        y,
        backward(dy) {
          const { dx, gradients } = backward(dy);
          const dw = gradients.weights.map((d, i) => (training ? d * mask[i] : d));
          return { dx, gradients: { ...gradients, weights: dw } };
        },
        states: {},
      };
    },
  };
}

/** The largest of `pieces` linear maps for each unit; those of a unit are neighbours in the weights. */
export function maxout({
  units,
  pieces = 2,
  ...options
}: { units: number; pieces?: number } & LinearOptions): Layer {
  const linear = dense({ units: units * pieces, ...options });
  return {
    ...linear,
    outputShape: () => [units],
    forward(x, held, training) {
      const { y: all, backward } = linear.forward(x, held, training);
      const y = zeros([x.shape[0], units]);
      const chosen = Array.from(y.values, (_, i) => {
        let best = i * pieces;
        for (let k = best + 1; k < (i + 1) * pieces; k++) {
          if (all.values[k] > all.values[best]) best = k;
        }
        y.values[i] = all.values[best];
        return best;
      });
      return {
        y,
        backward(dy) {
          const d = zeros(all.shape);
          for (const [i, best] of chosen.entries()) d.values[best] = dy.values[i];
          return backward(d);
        },
        states: {},
      };
    },
  };
}
