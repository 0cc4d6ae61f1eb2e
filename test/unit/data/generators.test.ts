import { describe, expect, it } from 'vitest';
import type { GeneratorSource } from '../../../core/config/index.ts';
import { type GeneratorOptions, generate } from '../../../core/data/generators.ts';
import { temporaryFolder } from './folder.ts';

const names: GeneratorSource[] = ['spiral', 'blobs', 'circles', 'moons', 'gaussian'];

function make(name: GeneratorSource, options: Partial<GeneratorOptions> = {}, seed = 1) {
  const { store, ...rest } = generate(name, { examples: 300, ...options }, seed);
  return { ...rest, store, inputs: store.inputs as Float32Array, labels: store.labels! };
}

describe.each(names)('%s', (name) => {
  it('is the same for the same seed, and another for another', () => {
    const inputs = (seed: number) => make(name, {}, seed).inputs;
    expect(inputs(1)).toEqual(inputs(1));
    expect(inputs(1)).not.toEqual(inputs(2));
  });

  it('has the asked number of examples, and as many of each class', () => {
    const { store, classes, shape } = make(name, { examples: 100 });
    expect(store.count).toBe(100);
    expect(store.inputs.length).toBe(200);
    expect(shape).toEqual([2]);
    const counts = classes!.map((_, k) => store.labels!.filter((label) => label === k).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('stays near the unit square, and without noise is exact', () => {
    const { store } = make(name, { examples: 1000, noise: 0 });
    for (const x of store.inputs) expect(Math.abs(x)).toBeLessThanOrEqual(1);
  });

  it('spreads with the noise', () => {
    const exact = make(name, { examples: 4000, noise: 0 }).inputs;
    const noisy = make(name, { examples: 4000, noise: 0.5 }).inputs;
    const squares = noisy.reduce((sum, x, i) => sum + (x - exact[i]!) ** 2, 0);
    expect(Math.sqrt(squares / noisy.length)).toBeCloseTo(0.5, 1);
  });
});

it('puts circles at their radii and moons apart', () => {
  const rings = make('circles', { noise: 0, classes: 4 });
  for (let i = 0; i < rings.store.count; i++) {
    const radius = Math.hypot(rings.inputs[2 * i]!, rings.inputs[2 * i + 1]!);
    expect(radius).toBeCloseTo(1 - rings.labels[i]! / 4, 6);
  }
  const { inputs, labels } = make('moons', { noise: 0 });
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < i; j++) {
      const distance = Math.hypot(
        inputs[2 * i]! - inputs[2 * j]!,
        inputs[2 * i + 1]! - inputs[2 * j + 1]!,
      );
      if (labels[i] !== labels[j]) expect(distance).toBeGreaterThan(0.25);
    }
  }
});

it("winds the spiral by the engine's sine and cosine, to the precision of float32", () => {
  const { inputs } = make('spiral', { examples: 999, noise: 0 });
  for (let i = 0; i < 999; i++) {
    const radius = (Math.floor(i / 3) + 0.5) / 333;
    const angle = 2 * Math.PI * ((i % 3) / 3 + 0.75 * radius);
    expect(Math.abs(inputs[2 * i]! - radius * Math.cos(angle))).toBeLessThan(6e-8);
    expect(Math.abs(inputs[2 * i + 1]! - radius * Math.sin(angle))).toBeLessThan(6e-8);
  }
});

const folder = temporaryFolder();
it.each([[{ source: 'spiral', examples: 2 }, /2 examples cannot show 3 classes/, 'examples']])(
  'refuses %j',
  async (data, message, key) => {
    const error = await folder.refusal(data);
    expect(error.message).toMatch(message);
    expect(error.place.path).toEqual(['data', key]);
  },
);
