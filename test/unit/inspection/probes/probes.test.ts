import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { RandomStream } from '../../../../core/data/random.ts';
import { featureStatistics } from '../../../../core/data/statistics.ts';
import { probeData } from '../../../../core/inspection/probes/data.ts';
import { probeLabels } from '../../../../core/inspection/probes/labels.ts';
import { blobs, datasetOf } from '../../training/fixtures.ts';

/** Rows of floats, the last `validation` of them held back, with their statistics. */
function rowsOf(rows: number[][], validation = 0, labels = rows.map((_, i) => i % 2)): Dataset {
  const inputs = Float32Array.from(rows.flat());
  const dataset = datasetOf({ inputs, shape: [rows[0]!.length], labels, outputs: 2, validation });
  return measured(dataset);
}

function measured(dataset: Dataset): Dataset {
  const { train, shape } = dataset;
  const statistics = featureStatistics(train, shape[0]!);
  return { ...dataset, statistics: { ...dataset.statistics, ...statistics } };
}

describe('probeData', () => {
  it('finds equal columns, but not those that never vary, nor the merely alike', () => {
    const rows = [
      [1, 7, 1, 3, 2, 5],
      [2, 7, 2, 2, 1, 5],
      [3, 7, 3, 1, 3, Number.NaN],
    ];
    // Columns 0, 3 and 4 hold the same values in another order; 1 and 5 are constant.
    expect(probeData(rowsOf(rows)).duplicateFeatures).toEqual([[0, 2]]);
  });

  it('tells at most 16 pairs', () => {
    const rows = [1, 2, 3].map((x) => Array.from({ length: 40 }, () => x));
    expect(probeData(rowsOf(rows)).duplicateFeatures).toHaveLength(16);
  });

  it.each([
    ['none', [[9, 9]], 0],
    [
      'one',
      [
        [9, 9],
        [3, 4],
      ],
      1,
    ],
    [
      'one of them twice',
      [
        [3, 4],
        [3, 4],
        [1, 2],
      ],
      3,
    ],
  ])('counts validation examples that are in the training part: %s', (_, validation, leaked) => {
    const rows = [[1, 2], [3, 4], [3, 4], [5, 6], ...validation];
    expect(probeData(rowsOf(rows, validation.length))).toMatchObject({
      leaked,
      validationExamples: validation.length,
    });
  });

  it('counts them among rows too wide and too many to hash whole', () => {
    const features = 9000;
    const count = 1000;
    const inputs = new Uint8Array(features * count);
    // Alike in nearly all that is hashed; all different beyond.
    const random = new RandomStream(1, 'rows');
    for (let i = 0; i < count; i++) {
      inputs[i * features] = random.integer(200);
      inputs[i * features + 1] = i & 255;
      inputs[i * features + 2] = i >> 8;
    }
    // The last of them is the first one.
    inputs.copyWithin((count - 1) * features, 0, features);
    const dataset = datasetOf({
      inputs,
      shape: [features],
      labels: Array.from({ length: count }, (_, i) => i % 2),
      outputs: 2,
      validation: 10,
    });
    expect(probeData(measured(dataset)).leaked).toBe(1);
  });

  it('does without validation, and without a value that is known', () => {
    const dataset = { ...rowsOf([[Number.NaN], [Number.NaN]]), validation: null };
    expect(probeData(dataset)).toEqual({
      probe: 'data',
      duplicateFeatures: [],
      leaked: 0,
      validationExamples: 0,
    });
  });
});

describe('probeLabels', () => {
  it('is near 1 for clouds, whatever the unit of a column, and near chance when shuffled', () => {
    const dataset = blobs(300);
    const { store } = dataset.train;
    // A column of noise in a small unit must not drown in distances, nor do the drowning.
    for (let i = 0; i < store.count; i++) store.inputs[i * 4 + 3]! *= 1e6;
    const told = probeLabels(measured(dataset), 1)!;
    expect(told.examined).toBe(256);
    expect(told.agreement).toBeGreaterThan(0.9);
    expect(told.chance).toBeCloseTo(1 / 3, 1);
    const labels = Uint32Array.from(store.labels!);
    new RandomStream(3, 'shuffle').shuffle(labels);
    store.labels!.set(labels);
    const { agreement, chance } = probeLabels(measured(dataset), 1)!;
    expect(Math.abs(agreement - chance)).toBeLessThan(0.12);
  });

  it('gives the same for the same seed, and takes no more than some examples', () => {
    const dataset = measured(blobs(2000));
    const once = probeLabels(dataset, 5)!;
    expect(once.examined).toBe(256);
    expect(probeLabels(dataset, 5)).toEqual(once);
  });

  it('has nothing to say of regressions, and of one example', () => {
    const regression = datasetOf({
      inputs: new Float32Array(4),
      shape: [2],
      targets: [1, 2],
      outputs: 1,
    });
    expect(probeLabels(regression, 1)).toBeNull();
    expect(probeLabels(rowsOf([[1, 2]]), 1)).toMatchObject({
      agreement: 0,
      chance: 1,
      examined: 1,
    });
  });
});
