import type { Window } from './config.ts';
import type { Layer } from './layer.ts';
import { sizeOf, type Tensor, zeros } from './tensor.ts';
import { sideOf } from './windows.ts';

/** Share of each place of a window in the window's output. */
type Shares = (values: number[]) => number[];

/** The first of the largest. */
const largest: Shares = (values) => {
  const best = values.indexOf(Math.max(...values));
  return values.map((_, i) => (i === best ? 1 : 0));
};

const equal: Shares = (values) => values.map(() => 1 / values.length);

/** A weighted sum over each window that lies wholly in the image, channel by channel. */
function pool(window: Window, shares: Shares): Layer {
  const { size, stride = size } = typeof window === 'number' ? { size: window } : window;
  const outputShape = ([height, width, channels]: number[]) => [
    sideOf(height, size, stride, 'valid').count,
    sideOf(width, size, stride, 'valid').count,
    channels,
  ];

  /** The places in x of the window of each output, in the order of outputs. */
  function windowsOf({ shape: [rows, height, width, channels] }: Tensor): number[][] {
    const [down, across] = outputShape([height, width, channels]);
    const windows: number[][] = [];
    for (let n = 0; n < rows; n++)
      for (let i = 0; i < down; i++)
        for (let j = 0; j < across; j++)
          for (let c = 0; c < channels; c++) {
            const places: number[] = [];
            for (let k = 0; k < size; k++)
              for (let l = 0; l < size; l++) {
                const [row, column] = [i * stride + k, j * stride + l];
                places.push(((n * height + row) * width + column) * channels + c);
              }
            windows.push(places);
          }
    return windows;
  }

  return {
    outputShape,
    parameters: () => [],
    states: () => [],
    forward(x) {
      const windows = windowsOf(x);
      const weights = windows.map((places) => shares(places.map((place) => x.values[place])));
      const y = zeros([x.shape[0], ...outputShape(x.shape.slice(1))]);
      for (const [to, places] of windows.entries()) {
        for (const [k, from] of places.entries()) y.values[to] += weights[to][k] * x.values[from];
      }
      return {
        y,
        backward(dy) {
          const dx = zeros(x.shape);
          for (const [to, places] of windows.entries()) {
            for (const [k, from] of places.entries()) {
              dx.values[from] += weights[to][k] * dy.values[to];
            }
          }
          return { dx, gradients: {} };
        },
        states: {},
      };
    },
  };
}

export const maxPool = (window: Window): Layer => pool(window, largest);

export const avgPool = (window: Window): Layer => pool(window, equal);

/** The mean of each channel over the image. */
export const globalAvgPool: Layer = {
  outputShape: ([, , channels]) => [channels],
  parameters: () => [],
  states: () => [],
  forward(x) {
    const [rows, height, width, channels] = x.shape;
    const y = zeros([rows, channels]);
    const target = (i: number) =>
      Math.floor(i / (height * width * channels)) * channels + (i % channels);
    for (const [i, value] of x.values.entries()) y.values[target(i)] += value / (height * width);
    return {
      y,
      backward(dy) {
        const dx = zeros(x.shape);
        for (const i of dx.values.keys()) dx.values[i] = dy.values[target(i)] / (height * width);
        return { dx, gradients: {} };
      },
      states: {},
    };
  },
};

/** The same values as one row. */
export const flatten: Layer = {
  outputShape: (inputShape) => [sizeOf(inputShape)],
  parameters: () => [],
  states: () => [],
  forward: (x) => ({
    y: { shape: [x.shape[0], x.values.length / x.shape[0]], values: x.values },
    backward: (dy) => ({ dx: { shape: x.shape, values: dy.values }, gradients: {} }),
    states: {},
  }),
};
