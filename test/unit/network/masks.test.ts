import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';
import { masksOf } from '../../../core/network/layers/masks.ts';
import { floats } from '../../../core/training/arena.ts';
import { configOf, datasetOf, parametersOf, trainerOf } from '../training/fixtures.ts';

const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
const MEBIBYTE = 1 << 20;
const [x, y, dx, mask, scratch] = [1, 2, 3, 2.5, 3.5].map((at) => at * MEBIBYTE);
const SEED = 3 * 2 ** 32 + 7;

describe.each(['relaxed-simd', 'simd'] as const)('masks, %s', (variant) => {
  const kernels = instantiateKernels(memory, variant);
  const random = { seed: SEED, purpose: 'model.layers.3' };

  function dropped(rate: number, count: number, step: number, purpose = random.purpose) {
    const masks = masksOf(kernels, rate, { seed: SEED, purpose }, scratch);
    floats(memory, x, count).fill(1);
    masks.draw(0, count, step, x, y, mask);
    return floats(memory, y, count).slice();
  }

  it.each([0, 5, 2 ** 33 + 1])('draws the words of RandomStream, step %d', (step) => {
    const stream = new RandomStream(SEED, random.purpose, step);
    const masks = masksOf(kernels, 0.5, random, scratch);
    for (const from of [0, 16, 32]) {
      masks.draw(from, 16, step, x, y, mask);
      const words = new Uint32Array(memory.buffer, scratch, 16);
      expect([...words]).toEqual(Array.from({ length: 16 }, () => stream.uint32()));
    }
  });

  it('does not depend on the cut', () => {
    const whole = dropped(0.3, 160, 4);
    const masks = masksOf(kernels, 0.3, random, scratch);
    floats(memory, y, 160).fill(-1);
    for (const [from, count] of [
      [96, 64],
      [0, 16],
      [16, 80],
    ]) {
      masks.draw(from, count, 4, x, y, mask);
    }
    expect(floats(memory, y, 160)).toEqual(whole);
  });

  it('is another one at another step and in another layer', () => {
    const first = dropped(0.5, 256, 1);
    expect(dropped(0.5, 256, 2)).not.toEqual(first);
    expect(dropped(0.5, 256, 1, 'model.layers.4')).not.toEqual(first);
    expect(dropped(0.5, 256, 1)).toEqual(first);
  });

  it.each([0.1, 0.5, 0.9])('drops a fraction of %d and keeps the mean', (rate) => {
    const count = 100_000;
    const values = dropped(rate, count, 0);
    const zeros = values.filter((value) => value === 0).length;
    expect(Math.abs(zeros / count - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / count));
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
  });

  it('drops nothing at a rate of 0', () => {
    expect(new Set(dropped(0, 1024, 0))).toEqual(new Set([1]));
  });

  it('goes back where it went forward; what is dropped is gone, whatever it was', () => {
    const count = 64;
    const kept = dropped(0.5, count, 9);
    const masks = masksOf(kernels, 0.5, random, scratch);
    floats(memory, dx, count).fill(3);
    masks.apply(0, count, mask, dx, dx);
    expect([...floats(memory, dx, count)]).toEqual(Array.from(kept, (k) => 3 * k));
    floats(memory, x, count).fill(Number.NaN);
    masks.draw(0, count, 9, x, y, mask);
    expect([...floats(memory, y, count)]).toEqual(Array.from(kept, (k) => (k ? Number.NaN : 0)));
  });
});

describe('a network that drops', () => {
  const ROWS = 6;
  const inputs = Float32Array.from({ length: ROWS * 4 }, (_, i) => Math.sin(i));
  const trainer = (layers: unknown[], seed = 1) => {
    const config = configOf({ model: { layers }, training: { batchSize: 3, seed } });
    const labels = Array.from({ length: ROWS }, (_, i) => i % 2);
    return trainerOf(config, datasetOf({ inputs, shape: [4], outputs: 2, labels, validation: 3 }));
  };

  it.each([
    ['dropout on the input', (rate: number) => [{ dropout: rate }, { dense: 2 }]],
    ['dropout in place', (rate: number) => [{ dense: 5 }, { dropout: rate }, { dense: 2 }]],
    ['dropout at the end', (rate: number) => [{ dense: 2 }, 'tanh', { dropout: rate }]],
    ['dropConnect', (rate: number) => [{ dropConnect: { units: 2, rate } }]],
  ])('%s: at test time it is not there', (_name, layers) => {
    const loss = (rate: number) => trainer(layers(rate)).evaluate()!.loss;
    expect(loss(0.9)).toBe(loss(0));
    const trained = (rate: number) => {
      const steps = trainer(layers(rate));
      steps.trainStep();
      return steps.last.dataLoss;
    };
    expect(trained(0.9)).not.toBe(trained(0));
  });

  it('has the same bits for the same seed', () => {
    const layers = [
      { dropout: 0.2 },
      { dropConnect: { units: 8 } },
      { dropout: 0.5 },
      { dense: 2 },
    ];
    const weights = (seed: number) => {
      const steps = trainer(layers, seed);
      for (let i = 0; i < 5; i++) steps.trainStep();
      return parametersOf(steps).map(({ value }) => [...value]);
    };
    expect(weights(1)).toEqual(weights(1));
    expect(weights(2)).not.toEqual(weights(1));
  });
});
