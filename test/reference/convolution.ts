import type { ConvolutionOptions } from './config.ts';
import type { Layer, Values } from './layer.ts';
import { weightsAndBiases } from './linear.ts';
import { zeros } from './tensor.ts';
import { sideOf } from './windows.ts';

/**
 * y[i, j, o] = b[o] + Σ over k, l, c of x[iₖ, jₗ, c] w[k, l, c, o], zero outside the image.
 * Images [height × width × channels], weights [kernel height × kernel width × in × out].
 */
export function conv2d(options: ConvolutionOptions): Layer {
  const { channels, kernel = 3, stride = 1, padding = 'same' } = options;
  const [kernelHeight, kernelWidth] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const sides = ([height, width]: number[]) => [
    sideOf(height, kernelHeight, stride, padding),
    sideOf(width, kernelWidth, stride, padding),
  ];

  /** Each product of the sum, by the places of its output, input and weight. */
  function eachProduct(
    [rows, height, width, depth]: number[],
    visit: (y: number, x: number, w: number) => void,
  ): void {
    const [down, across] = sides([height, width]);
    for (let n = 0; n < rows; n++)
      for (let i = 0; i < down.count; i++)
        for (let j = 0; j < across.count; j++)
          for (let k = 0; k < kernelHeight; k++)
            for (let l = 0; l < kernelWidth; l++) {
              const row = down.at(i, k);
              const column = across.at(j, l);
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              for (let c = 0; c < depth; c++)
                for (let o = 0; o < channels; o++)
                  visit(
                    ((n * down.count + i) * across.count + j) * channels + o,
                    ((n * height + row) * width + column) * depth + c,
                    ((k * kernelWidth + l) * depth + c) * channels + o,
                  );
            }
  }

  return {
    outputShape: (inputShape) => [...sides(inputShape).map(({ count }) => count), channels],
    parameters: ([, , depth]) =>
      weightsAndBiases([kernelHeight, kernelWidth, depth, channels], options),
    states: () => [],
    forward(x, { weights, biases }) {
      const [down, across] = sides(x.shape.slice(1));
      const y = zeros([x.shape[0], down.count, across.count, channels]);
      if (biases) for (const i of y.values.keys()) y.values[i] = biases[i % channels];
      eachProduct(x.shape, (to, from, w) => {
        y.values[to] += x.values[from] * weights[w];
      });
      return {
        y,
        backward(dy) {
          const dx = zeros(x.shape);
          const dw = new Float64Array(weights.length);
          const db = new Float64Array(channels);
          for (const [i, d] of dy.values.entries()) db[i % channels] += d;
          eachProduct(x.shape, (to, from, w) => {
            dx.values[from] += dy.values[to] * weights[w];
            dw[w] += dy.values[to] * x.values[from];
          });
          const gradients: Values = biases ? { weights: dw, biases: db } : { weights: dw };
          return { dx, gradients };
        },
        states: {},
      };
    },
  };
}
