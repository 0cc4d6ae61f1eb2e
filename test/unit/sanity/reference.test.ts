import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { check, checked, npy } from './checked.ts';

/** The lectures' figures. */

const CIFAR = join(import.meta.dirname, '../../../../shared/data/cifar10');

describe.skipIf(!existsSync(CIFAR))('3072-50-10 with W = 1e-4 · randn on CIFAR-10', () => {
  const config = (rest = '') =>
    `data: { source: ${join(CIFAR, 'data_batch_1.bin')}, limit: 1000, preprocess: [meanImage] }
model: { layers: [dense: 50, relu, dense: 10], init: { normal: 1e-4 } }
optimizer: { type: sgd, learningRate: 1e-3 }
${rest}`;

  it('has a first loss of ln 10 = 2.3026, and 3.07 with λ = 1000', async () => {
    const results = await checked(config(), ['initial-loss', 'regularization-raises-loss']);
    const { status, evidence } = results.get('initial-loss')!;
    expect(status).toBe('pass');
    expect(evidence.loss).toBeCloseTo(2.302612, 3);
    expect(evidence.expected).toBeCloseTo(Math.log(10), 6);
    const raised = results.get('regularization-raises-loss')!;
    expect(raised.status).toBe('pass');
    expect(raised.evidence.cost).toBeCloseTo(3.07, 1);
  });

  it('learns 20 examples to accuracy 1.00', async () => {
    const { status, message, evidence } = await check('overfit-tiny-batch', config());
    expect(status).toBe('pass');
    expect(evidence).toMatchObject({ examples: 20, quality: 1 });
    expect(message).toContain('accuracy 1.00');
  });
});

/** Standard deviations after the nonlinearities of ten layers of 500 units, given 1000 unit Gaussian inputs. */
const TABLE = [
  ['tanh', '{ normal: 0.01 }', [0.213081, 0.047551, 0.01063, 0.002378], 'fail'],
  ['tanh', '{ normal: 1 }', [0.981879, 0.981649, 0.981601, 0.981755], 'fail'],
  ['tanh', 'xavier', [0.627953, 0.486051, 0.407723, 0.3571], 'pass'],
  ['relu', 'xavier', [0.582273, 0.403795, 0.276912, 0.198685], 'warn'],
  ['relu', 'he', [0.825232, 0.827835, 0.813855, 0.826902], 'pass'],
] as const;

describe('ten layers of 500 units on unit Gaussian inputs', () => {
  const random = new RandomStream(1, 'inputs');
  const inputs = Float32Array.from({ length: 1250 * 500 }, () => random.normal());
  const labels = Float32Array.from({ length: 1250 }, (_, i) => i % 2);
  const files = {
    'x.npy': npy([1250, 500], inputs),
    'y.npy': npy([1250], labels),
  };

  it.each(TABLE)('%s with init %s', async (nonlinearity, init, stds, expected) => {
    const layers = Array.from({ length: 10 }, () => `{ dense: 500 }, ${nonlinearity}`).join(', ');
    const text = `data: { source: x.npy, labels: y.npy, task: regression }\nmodel: { layers: [${layers}, dense: 1], init: ${init} }\n`;
    const { status, evidence, path } = await check('activation-statistics', text, files);
    const rows = evidence.layers as {
      layer: string;
      kind: string;
      std: number;
      saturated: number;
    }[];
    expect(rows).toHaveLength(21);
    expect(rows[1]).toMatchObject({ layer: `${nonlinearity} 1`, kind: nonlinearity });
    const found = rows.filter(({ kind }) => kind === nonlinearity);
    for (const [i, std] of stds.entries())
      expect(Math.abs(found[i]!.std / std - 1)).toBeLessThan(0.15);
    expect(status).toBe(expected);
    if (status !== 'pass') expect(path).toEqual(['model', 'init']);
    // No key is left out, and none is added: views rely on it.
    const keys = ['layer', 'kind', 'mean', 'std', 'zeros', 'saturated'];
    for (const row of rows) expect(Object.keys(row)).toEqual(keys);
  });
});
