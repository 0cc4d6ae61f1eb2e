import * as activations from './activations.ts';
import type { LayerConfig } from './config.ts';
import { conv2d } from './convolution.ts';
import type { Forward, Layer, Values } from './layer.ts';
import { dense, dropConnect, maxout } from './linear.ts';
import { batchNorm, dropout } from './normalization.ts';
import { avgPool, flatten, globalAvgPool, maxPool } from './pooling.ts';
import { map, type Tensor } from './tensor.ts';

const { elu, exponential, gelu, leakyRelu, prelu, relu } = activations;
const { selu, sigmoid, silu, softmax, softplus, tanh } = activations;

const plain: Record<Extract<LayerConfig, string>, Layer> = {
  sigmoid,
  tanh,
  relu,
  leakyRelu: leakyRelu(0.01),
  prelu,
  elu: elu(1),
  selu,
  gelu,
  silu,
  softplus,
  exponential,
  softmax,
  batchNorm: batchNorm(),
  flatten,
  globalAvgPool,
};

export function layerOf(config: LayerConfig): Layer {
  if (typeof config === 'string') return plain[config];
  if ('dense' in config) return dense(withUnits(config.dense));
  if ('dropConnect' in config) return dropConnect(config.dropConnect);
  if ('maxout' in config) return maxout(withUnits(config.maxout));
  if ('conv2d' in config) {
    const options = config.conv2d;
    return conv2d(typeof options === 'number' ? { channels: options } : options);
  }
  if ('maxPool' in config) return maxPool(config.maxPool);
  if ('avgPool' in config) return avgPool(config.avgPool);
  if ('leakyRelu' in config) return leakyRelu(config.leakyRelu.slope);
  if ('elu' in config) return elu(config.elu.alpha);
  if ('batchNorm' in config) return batchNorm(config.batchNorm);
  if ('dropout' in config) return dropout(config.dropout);
  return residual(config.residual);
}

function withUnits<Options extends { units: number }>(options: number | Options) {
  return typeof options === 'number' ? { units: options } : options;
}

/** y = x + f(x). */
function residual(layers: LayerConfig[]): Layer {
  const inner = sequence(layers, 'residual.');
  return {
    ...inner,
    forward(x, held, training) {
      const { y, backward, states } = inner.forward(x, held, training);
      return {
        y: map(y, (value, i) => value + x.values[i]),
        backward(dy) {
          const { dx, gradients } = backward(dy);
          return { dx: map(dx, (d, i) => d + dy.values[i]), gradients };
        },
        states,
      };
    },
  };
}

/** Layers one after the other; what they hold is named by their place: `<prefix>0.weights`. */
export function sequence(configs: readonly LayerConfig[], prefix = 'model.layers.'): Layer {
  const layers = configs.map((config, i) => ({ layer: layerOf(config), path: `${prefix}${i}.` }));
  const named = <Shape extends { name: string }>(path: string, shapes: Shape[]) =>
    shapes.map((shape) => ({ ...shape, name: path + shape.name }));

  /** Along the shapes between the layers. */
  function along<T>(
    inputShape: number[],
    visit: (layer: Layer, shape: number[], path: string) => T[],
  ) {
    let shape = inputShape;
    return layers.flatMap(({ layer, path }) => {
      const found = visit(layer, shape, path);
      shape = layer.outputShape(shape);
      return found;
    });
  }

  return {
    outputShape: (inputShape) =>
      layers.reduce((shape, { layer }) => layer.outputShape(shape), inputShape),
    parameters: (inputShape) =>
      along(inputShape, (layer, shape, path) => named(path, layer.parameters(shape))),
    masks: (inputShape) =>
      along(inputShape, (layer, shape, path) => named(path, layer.masks?.(shape) ?? [])),
    states: (inputShape) =>
      along(inputShape, (layer, shape, path) => named(path, layer.states(shape))),
    forward(x, held, training) {
      const passes: { path: string; pass: Forward }[] = [];
      let y: Tensor = x;
      for (const { layer, path } of layers) {
        const pass = layer.forward(y, inside(held, path), training);
        passes.push({ path, pass });
        y = pass.y;
      }
      return {
        y,
        backward(dy) {
          const gradients: Values = {};
          let dx = dy;
          for (const { path, pass } of passes.toReversed()) {
            const below = pass.backward(dx);
            Object.assign(gradients, outside(below.gradients, path));
            dx = below.dx;
          }
          return { dx, gradients };
        },
        states: Object.assign({}, ...passes.map(({ path, pass }) => outside(pass.states, path))),
      };
    },
  };
}

/** Those whose name begins with the path, under the rest of their name. */
function inside(values: Values, path: string): Values {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.startsWith(path))
      .map(([name, value]) => [name.slice(path.length), value]),
  );
}

function outside(values: Values, path: string): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [path + name, value]));
}
