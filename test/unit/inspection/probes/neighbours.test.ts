import { describe, expect, it, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { RandomStream } from '../../../../core/data/random.ts';
import { featureStatistics } from '../../../../core/data/statistics.ts';
import { Nearest } from '../../../../core/inspection/probes/nearest.ts';
import { probeNeighbours } from '../../../../core/inspection/probes/neighbours.ts';
import { datasetOf } from '../../training/fixtures.ts';

test('the nearest rows come first, and a row is no neighbour of itself', () => {
  const rows = Float32Array.of(0, 0, 3, 0, 0, 1, 9, 9, 0, 2);
  const nearest = new Nearest(rows, 2, 3);
  nearest.seek(rows, 0, 0);
  expect([...nearest.rows]).toEqual([2, 4, 1]);
  expect([...nearest.squares]).toEqual([1, 4, 9]);
  nearest.seek(Float32Array.of(9, 8), 0, -1);
  expect([...nearest.squares].slice(0, 1)).toEqual([1]);
});

/** Two clouds in a plane whose means are `apart` deviations from each other. */
function clouds(apart: number, { count = 600, validation = 200, wrong = 0 } = {}): Dataset {
  const random = new RandomStream(5, 'clouds');
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const rows = labels.map((label) => [random.normal() + apart * label, random.normal()]);
  const told = labels.map((label) => (random.uniform() < wrong ? 1 - label : label));
  return measured({ rows, labels: told, validation });
}

function measured({
  rows,
  labels,
  validation = 0,
}: {
  rows: number[][];
  labels: number[];
  validation?: number;
}): Dataset {
  const inputs = Float32Array.from(rows.flat());
  const shape = [rows[0]!.length];
  const made = datasetOf({ inputs, shape, labels, outputs: 2, validation });
  const dataset = validation > 0 ? made : { ...made, validation: null };
  const statistics = featureStatistics(dataset.train, shape[0]!);
  return { ...dataset, statistics: { ...dataset.statistics, ...statistics } };
}

/** y = x² + noise, of x in −1..1. */
function parabola(noise: number): Dataset {
  const random = new RandomStream(6, 'parabola');
  const rows = Array.from({ length: 600 }, () => [2 * random.uniform() - 1]);
  const dataset = measured({ rows, labels: rows.map(() => 0), validation: 200 });
  const targets = Float32Array.from(rows, ([x]) => x! * x! + noise * random.normal());
  const { store } = dataset.train;
  Object.assign(store, { labels: null, targets });
  return { ...dataset, task: 'regression', outputs: 1, classes: null };
}

describe('probeNeighbours', () => {
  it.each([
    // The best that can be had is Φ(d / 2): 0.999, 0.841, 0.691.
    [6, 0.99, 1],
    [2, 0.79, 0.89],
    [1, 0.6, 0.75],
  ])('reaches what clouds %d deviations apart allow', (apart, low, high) => {
    const told = probeNeighbours(clouds(apart), 1)!;
    expect(told.examined).toBe(200);
    expect(told.score).toBeGreaterThan(low);
    expect(told.score).toBeLessThanOrEqual(high);
    expect(told.apart).toBeLessThan(0.02);
  });

  it('is the same in whatever unit a column is, and without a validation part nearly so', () => {
    const dataset = clouds(2);
    const score = probeNeighbours(dataset, 1)!.score;
    const { store } = dataset.train;
    for (let i = 0; i < store.count; i++) store.inputs[2 * i + 1]! *= 1e5;
    const statistics = featureStatistics(dataset.train, 2);
    const scaled = { ...dataset, statistics: { ...dataset.statistics, ...statistics } };
    expect(probeNeighbours(scaled, 1)!.score).toBeCloseTo(score, 2);
    const whole = probeNeighbours(clouds(2, { count: 400, validation: 0 }), 1)!;
    expect(whole.examined).toBe(400);
    expect(Math.abs(whole.score - score)).toBeLessThan(0.08);
  });

  it('tells classes that overlap from labels that are wrong at random', () => {
    const overlapping = probeNeighbours(clouds(1.7), 1)!;
    const wrong = probeNeighbours(clouds(6, { wrong: 0.25 }), 1)!;
    expect(Math.abs(overlapping.score - wrong.score)).toBeLessThan(0.1);
    expect(overlapping.uneven).toBeGreaterThan(1.6);
    expect(wrong.uneven).toBeLessThan(1.3);
  });

  it('finds how far neighbours are apart where there are many features, and asks no more than 32', () => {
    const told = (features: number) => {
      const random = new RandomStream(7, 'wide');
      const row = () => Array.from({ length: features }, () => random.normal());
      const rows = Array.from({ length: 300 }, row);
      return probeNeighbours(measured({ rows, labels: rows.map((_, i) => i % 2) }), 1);
    };
    expect(told(30)!.apart).toBeGreaterThan(0.3);
    expect(told(30)!.score).toBeLessThan(0.65);
    expect(told(33)).toBeNull();
  });

  it.each([
    [0, 0, 0.02],
    // 0.3² of 0.3² + 4/45.
    [0.3, 0.4, 0.6],
    [3, 0.9, 1.01],
  ])('finds the noise in numbers: %d', (noise, low, high) => {
    const told = probeNeighbours(parabola(noise), 1)!;
    expect(told.noise).toBeGreaterThanOrEqual(low);
    expect(told.noise).toBeLessThan(high);
    expect(told.score).toBeLessThan(1 - 0.8 * told.noise! + 0.1);
  });

  it('gives the same for the same seed, takes no more than some, and nothing of a few', () => {
    const many = clouds(2, { count: 4000, validation: 1500 });
    const once = probeNeighbours(many, 3)!;
    expect(once.examined).toBe(512);
    expect(probeNeighbours(many, 3)).toEqual(once);
    expect(probeNeighbours(many, 4)).not.toEqual(once);
    expect(probeNeighbours(clouds(2, { count: 40, validation: 20 }), 1)).toBeNull();
  });

  it('is silent where all inputs are the same, and does without values that are missing', () => {
    const rows = Array.from({ length: 100 }, () => [1, 2]);
    expect(probeNeighbours(measured({ rows, labels: rows.map((_, i) => i % 2) }), 1)).toBeNull();
    const dataset = clouds(6);
    dataset.train.store.inputs[4] = Number.NaN;
    expect(probeNeighbours(dataset, 1)!.score).toBeGreaterThan(0.9);
  });
});
