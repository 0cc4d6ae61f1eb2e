import { describe, expect, test } from 'vitest';
import type { SweepConfig } from '../../../core/config/index.ts';
import { countOf } from '../../../core/sweep/count.ts';
import { gridLevels } from '../../../core/sweep/samplers/grid.ts';
import { roundSize, SAMPLERS, trialCount } from '../../../core/sweep/samplers/index.ts';
import type { KnownPoint } from '../../../core/sweep/samplers/sampler.ts';
import { spaceFrom } from './spaces.ts';

type Name = SweepConfig['sampler'];

const SPACE = spaceFrom(
  '{ optimizer.learningRate: { log: [1e-6, 1] }, regularization.l2: { log: [1e-5, 1] }, model.layers.1: { choice: [relu, tanh, sigmoid] } }',
);

function sample(
  name: Name,
  total: number,
  more: Partial<Parameters<(typeof SAMPLERS)[Name]>[0]> = {},
) {
  const request = { space: SPACE, seed: 1, stage: 1, first: 0, count: total, total, known: [] };
  return SAMPLERS[name]({ ...request, ...more });
}

const known = (score: (point: number[]) => number, total = 40): KnownPoint[] =>
  sample('random', total, { seed: 9 })
    .sort((a, b) => score(b) - score(a))
    .map((point, rank) => ({ point, rank }));

describe.each<Name>(['random', 'sobol', 'grid', 'tpe'])('%s', (name) => {
  const history = known(([rate]) => -Math.abs(rate! - 0.3));

  test('points lie in the cube, as many as wanted', () => {
    const points = sample(name, 27, { known: history });
    expect(points).toHaveLength(27);
    for (const point of points) {
      expect(point).toHaveLength(3);
      for (const x of point) expect(x >= 0 && x < 1).toBe(true);
    }
  });

  test('the same again, in one go or in several', () => {
    const whole = sample(name, 24);
    expect(sample(name, 24)).toEqual(whole);
    const parts = [0, 8, 16].flatMap((first) => sample(name, 24, { first, count: 8 }));
    expect(parts).toEqual(whole);
  });

  test.skipIf(name === 'grid')('another seed and another stage give others', () => {
    const [point] = sample(name, 1, { known: history });
    expect(sample(name, 1, { known: history, seed: 2 })[0]).not.toEqual(point);
    expect(sample(name, 1, { known: history, stage: 2 })[0]).not.toEqual(point);
  });
});

test('random points are uniform', () => {
  const points = sample('random', 4000);
  for (let d = 0; d < 3; d++) {
    const mean = points.reduce((sum, point) => sum + point[d]!, 0) / points.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  }
});

describe('sobol', () => {
  const layers = Array.from({ length: 21 }, (_, i) => `model.layers.${i}.dense: { int: [1, 999] }`);
  const wide = layers.map((_, i) => ({ ...SPACE[0]!, key: `${i}` }));

  test('of 2ᵏ points each part of every axis has one: there are no gaps', () => {
    const points = sample('sobol', 256, { space: wide });
    for (let d = 0; d < wide.length; d++) {
      const parts = new Set(points.map((point) => Math.floor(point[d]! * 256)));
      expect(parts.size, `dimension ${d}`).toBe(256);
    }
  });

  test('in the plane of the first two axes every box of the same area has as many', () => {
    const points = sample('sobol', 256, { space: wide });
    for (const [columns, rows] of [
      [16, 16],
      [4, 64],
      [64, 4],
      [2, 128],
    ] as const) {
      const boxes = new Set(
        points.map(([x, y]) => `${Math.floor(x! * columns)}/${Math.floor(y! * rows)}`),
      );
      expect(boxes.size).toBe(256);
    }
  });

  test('the directions are those of Joe and Kuo: no two axes are the same', () => {
    const points = sample('sobol', 64, { space: wide });
    const columns = wide.map((_, d) => points.map((point) => Math.floor(point[d]! * 64)).join());
    expect(new Set(columns).size).toBe(wide.length);
  });
});

describe('grid', () => {
  test.each<[trials: number, levels: number[]]>([
    [1, [1, 1, 1]],
    [8, [2, 2, 2]],
    [12, [3, 2, 2]],
    [27, [3, 3, 3]],
    [100, [6, 5, 3]],
  ])('%d trials', (trials, levels) => {
    expect(gridLevels(SPACE.map(countOf), trials)).toEqual(levels);
    expect(trialCount('grid', SPACE, trials)).toBe(levels.reduce((a, b) => a * b));
  });

  test('every combination once', () => {
    const points = sample('grid', 27).map((point) => point.join());
    expect(new Set(points).size).toBe(27);
    expect(points[0]).toBe([1 / 6, 1 / 6, 1 / 6].join());
  });
});

describe('tpe', () => {
  test('is random before it knows enough', () => {
    const few = known(([rate]) => rate!, 9);
    expect(sample('tpe', 8, { known: few })).toEqual(sample('random', 8));
  });

  test.each<[name: string, score: (point: number[]) => number, good: (point: number[]) => boolean]>(
    [
      [
        'a part of a range',
        ([rate]) => -Math.abs(rate! - 0.3),
        ([rate]) => Math.abs(rate! - 0.3) < 0.15,
      ],
      ['a choice', ([, , choice]) => -Math.floor(choice! * 3), ([, , choice]) => choice! < 1 / 3],
    ],
  )('tries more where good trials are: %s', (_name, score, good) => {
    const points = Array.from({ length: 8 }, (_, round) =>
      sample('tpe', 8, { first: 40 + 8 * round, known: known(score) }),
    ).flat();
    // About a third of random points are.
    expect(points.filter(good).length / points.length).toBeGreaterThan(0.5);
  });

  test('chooses in rounds, so that what it knows does not depend on timing', () => {
    expect(roundSize('tpe', 100)).toBe(8);
    expect(roundSize('random', 100)).toBe(100);
  });
});
