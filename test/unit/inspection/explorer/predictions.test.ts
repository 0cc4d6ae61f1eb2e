import { describe, expect, it } from 'vitest';
import type {
  ClassPredictions,
  ValuePredictions,
} from '../../../../core/inspection/explorer/protocol.ts';
import type { LayerConfig, LossConfig } from '../../../reference/config.ts';
import { relativeError } from '../../../reference/gradient-check.ts';
import { lossOf } from '../../../reference/losses.ts';
import { tensor } from '../../../reference/tensor.ts';
import { classesOf, dataOf, explorerOf } from './explored.ts';

/** More than fit in a pass. */
const ROWS = 300;
const softmax = (row: number[]) => {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};
const sigmoid = (row: number[]) => row.map((y) => 1 / (1 + Math.exp(-y)));
const same = (row: number[]) => row;

describe('predictions of classes are those of the float64 reference', () => {
  it.each<
    [
      name: string,
      layers: LayerConfig[],
      loss: LossConfig,
      classes: number,
      kind: 'softmax' | 'sigmoid' | 'none',
      shown: (row: number[]) => number[],
    ]
  >([
    ['softmaxCrossEntropy', [{ dense: 4 }], 'softmaxCrossEntropy', 4, 'softmax', softmax],
    [
      'label smoothing and weights',
      [{ dense: 3 }],
      { type: 'softmaxCrossEntropy', labelSmoothing: 0.1, classWeights: [1, 2, 5] },
      3,
      'softmax',
      softmax,
    ],
    ['binaryCrossEntropy', [{ dense: 4 }], 'binaryCrossEntropy', 4, 'sigmoid', sigmoid],
    [
      'one output for two classes',
      [{ dense: 1 }],
      'binaryCrossEntropy',
      2,
      'sigmoid',
      ([y]) => [1 - sigmoid([y])[0], sigmoid([y])[0]],
    ],
    ['hinge', [{ dense: 4 }], 'hinge', 4, 'none', same],
    ['squared error of softmax', [{ dense: 4 }, 'softmax'], 'meanSquaredError', 4, 'softmax', same],
    ['squared error of sigmoid', [{ dense: 4 }, 'sigmoid'], 'meanSquaredError', 4, 'sigmoid', same],
    ['a hidden layer and an image', [{ dense: 9 }, 'relu', { dense: 4 }], 'hinge', 4, 'none', same],
  ])('%s', (_name, layers, loss, classes, kind, shown) => {
    const dataset = dataOf({ shape: [2, 3, 1], classes, rows: ROWS + 7, validation: 7 });
    const { explorer, reference } = explorerOf({ layers, dataset, loss });
    expect(explorer.facts.probabilities).toBe(kind);
    const shares: number[] = [];
    const found = explorer.answer({ type: 'predictions', part: 'train' }, (share) =>
      shares.push(share),
    ) as ClassPredictions;
    const y = reference(dataset.train.store.inputs.subarray(0, ROWS * 6));
    const width = y.values.length / ROWS;
    const rows = Array.from({ length: ROWS }, (_, i) => [
      ...y.values.slice(i * width, (i + 1) * width),
    ]);
    const expected = rows.map(shown);
    expect(relativeError(found.outputs, expected.flat(), 0.1)).toBeLessThan(1e-5);
    const labels = [...dataset.train.store.labels!].slice(0, ROWS);
    expect([...found.labels]).toEqual(labels);
    const predicted = classesOf(expected.flat(), classes);
    expect([...found.predicted]).toEqual(predicted);
    const losses = rows.map(
      (row, i) => lossOf(loss, tensor([1, width], row), { labels: [labels[i]] }).loss,
    );
    expect(relativeError(found.loss, losses, 0.1)).toBeLessThan(1e-5);
    for (let actual = 0; actual < classes; actual++) {
      for (let said = 0; said < classes; said++) {
        const count = labels.filter((label, i) => label === actual && predicted[i] === said).length;
        expect(found.confusion[actual * classes + said]).toBe(count);
      }
    }
    const isRight = (i: number) => predicted[i] === labels[i];
    const all = [...found.right, ...found.wrong];
    expect(all.toSorted((a, b) => a - b)).toEqual(labels.map((_, i) => i));
    expect([...found.right].every(isRight)).toBe(true);
    expect([...found.wrong].some(isRight)).toBe(false);
    for (const list of [found.right, found.wrong]) {
      const confidences = Array.from(list, (i) => found.confidence[i]);
      expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
    }
    expect(found.confidence[5]).toBeCloseTo(expected[5][predicted[5]], 4);
    expect(found.accuracy).toBe(found.right.length / ROWS);
    expect(found.unclassified).toBe(0);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('says what it cannot classify', () => {
    const dataset = dataOf({ shape: [4], preprocess: [] });
    dataset.train.store.inputs[4 * 3] = Number.NaN;
    const { explorer } = explorerOf({ layers: [{ dense: 3 }], dataset });
    const found = explorer.answer({ type: 'predictions', part: 'train' }) as ClassPredictions;
    expect(found.predicted[3]).toBe(-1);
    expect(found.unclassified).toBe(1);
    expect(found.confusion.reduce((sum, count) => sum + count)).toBe(29);
    expect(found.wrong.at(-1)).toBe(3);
  });
});

it('predictions of values are in the unit of the data', () => {
  const scaling = { offset: Float32Array.of(50, 40), scale: Float32Array.of(0.05, 0.1) };
  const dataset = { ...dataOf({ shape: [5], targets: 2 }), targetScaling: scaling };
  const { explorer, reference } = explorerOf({ layers: [{ dense: 2 }], dataset });
  const found = explorer.answer({ type: 'predictions', part: 'validation' }) as ValuePredictions;
  const { inputs, targets } = dataset.validation!.store;
  const y = reference(inputs.subarray(30 * 5));
  const { offset, scale } = scaling;
  const expected = y.values.map((value, i) => value / scale[i % 2] + offset[i % 2]);
  expect(relativeError(found.outputs, expected)).toBeLessThan(1e-5);
  expect([...found.targets]).toEqual([...targets!.subarray(60)]);
  const losses = Array.from({ length: 10 }, (_, i) => {
    const scaled = [0, 1].map((k) => (found.targets[2 * i + k] - offset[k]) * scale[k]);
    const own = tensor([1, 2], y.values.slice(2 * i, 2 * i + 2));
    return lossOf('meanSquaredError', own, { targets: Float64Array.from(scaled) }).loss;
  });
  expect(relativeError(found.loss, losses)).toBeLessThan(1e-5);
  const sorted = Array.from(found.worst, (i) => found.loss[i]);
  expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
  expect(explorer.answer({ type: 'example', example: { part: 'train', index: 2 } })).toMatchObject({
    label: null,
    predicted: null,
    probabilities: null,
    targets: targets!.slice(4, 6),
  });
});

describe('an example', () => {
  const dataset = dataOf({ shape: [4, 5, 2], bytes: true });
  const { explorer, reference } = explorerOf({
    layers: [{ conv2d: 3 }, 'relu', { maxPool: 2 }, { dense: 3 }],
    dataset,
  });
  const id = { part: 'validation', index: 4 } as const;
  const raw = [...dataset.train.store.inputs].slice(34 * 40, 35 * 40);

  it('is shown as it was read, with what the network says of it', () => {
    const found = explorer.answer({ type: 'example', example: id });
    expect([...found.input]).toEqual(raw);
    expect(found.label).toBe(dataset.train.store.labels![34]);
    const y = [...reference(raw).values];
    expect(relativeError(found.outputs, y)).toBeLessThan(1e-5);
    expect(relativeError(found.probabilities!, softmax(y))).toBeLessThan(1e-5);
    expect(found.predicted).toBe(classesOf(y, 3)[0]);
    expect(found.loss).toBeCloseTo(-Math.log(softmax(y)[found.label!]), 4);
  });

  it('has the values of each layer, none of which another has written over', () => {
    const maps = explorer.answer({ type: 'featureMaps', example: id, layers: [3, 0, 1, 2] });
    expect(maps.map(({ layer }) => layer)).toEqual([3, 0, 1, 2]);
    for (const { layer, shape, values } of maps) {
      const y = reference(raw, layer + 1);
      expect([1, ...shape]).toEqual(y.shape);
      expect(relativeError(values, y.values)).toBeLessThan(1e-5);
    }
  });

  it('is among images as bytes where the data are bytes', () => {
    const found = explorer.answer({ type: 'images', part: 'validation', indices: [4, 0] });
    expect(found.values).toBeInstanceOf(Uint8Array);
    const first = [...dataset.train.store.inputs].slice(30 * 40, 31 * 40);
    expect([...found.values]).toEqual([...raw, ...first]);
    expect([...found.labels]).toEqual([34, 30].map((i) => dataset.train.store.labels![i]));
  });
});
