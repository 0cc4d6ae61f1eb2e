import { expect, it } from 'vitest';
import { layerType } from '../../../core/network/layers/index.ts';
import type { LayerConfig } from '../../../core/network/layers/layer.ts';
import { inferShapes } from '../../../core/network/shapes.ts';
import { configOf } from '../training/fixtures.ts';

/** The layer that a config names so. */
function layer(written: unknown): LayerConfig {
  const { model } = configOf({ model: { layers: [written, { dense: 1 }] } });
  return inferShapes(model.layers, [1])[0]!.layer;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const curves: [unknown, (x: number) => number][] = [
  ['sigmoid', logistic],
  ['tanh', Math.tanh],
  ['elu', (x) => (x > 0 ? x : Math.expm1(x))],
  [{ elu: { alpha: 0.5 } }, (x) => (x > 0 ? x : 0.5 * Math.expm1(x))],
  [{ elu: { alpha: 2 } }, (x) => (x > 0 ? x : 2 * Math.expm1(x))],
  ['selu', (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))],
  ['gelu', (x) => x * normal(x)],
  ['silu', (x) => x * logistic(x)],
  ['softplus', (x) => Math.log1p(Math.exp(x))],
];

/** Φ, by adding up its density. */
function normal(x: number): number {
  let sum = 0;
  const steps = 400;
  for (let i = 0; i < steps; i++) {
    const at = (x * (i + 0.5)) / steps;
    sum += (Math.exp((-at * at) / 2) * x) / steps;
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

it.each(curves)('%o is saturated where it is flat', (written, f) => {
  const config = layer(written);
  const { of, below, above } = layerType(config).saturation!(config);
  const h = 1e-4;
  const slope = (x: number) => Math.abs(f(x + h) - f(x - h)) / (2 * h);
  const xs = Array.from({ length: 1601 }, (_, i) => (i - 800) / 100 + 0.00123);
  const steepest = Math.max(...xs.map(slope));
  for (const x of xs) {
    const measured = of === 'input' ? x : f(x);
    const flat = slope(x) < 0.05 * steepest;
    const saturated = measured <= below || measured >= above;
    // Within a hundredth of the border the numeric slope is not sharp; above x = −2 a slope may cross 0.
    if (Math.abs(slope(x) / steepest - 0.05) < 1e-3 || (of === 'input' && x > -2)) continue;
    expect(saturated, `x = ${x}`).toBe(flat);
  }
});

it.each(['relu', 'leakyRelu', 'batchNorm', 'exponential', 'softmax'])('%s is not', (written) => {
  const config = layer(written);
  expect(layerType(config).saturation).toBeUndefined();
});
