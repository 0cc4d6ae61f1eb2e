import { describe, expect, test } from 'vitest';
import {
  editsOf,
  rangesOf,
  unitOf,
  valueAt,
  valuesAt,
  withRanges,
} from '../../../core/sweep/space.ts';
import { narrow } from '../../../core/sweep/stages.ts';
import { spaceFrom, trialOf } from './spaces.ts';

const LOG = 'optimizer.learningRate: { log: [1e-6, 1] }';
const UNIFORM = 'model.layers.2.dropout: { uniform: [0.1, 0.5] }';
const INT = 'model.layers.0.dense: { int: [10, 13] }';
const WIDTH = 'model.layers.0.dense: { log: [16, 1024] }';
const CHOICE = 'model.layers.1: { choice: [relu, tanh, { leakyRelu: { slope: 0.1 } }] }';

describe('a place of a range is a value', () => {
  test.each<[range: string, unit: number, value: unknown]>([
    [LOG, 0, 1e-6],
    [LOG, 0.5, 1e-3],
    [LOG, 1 / 12, 3.162e-6],
    [LOG, 1, 1],
    [UNIFORM, 0, 0.1],
    [UNIFORM, 0.25, 0.2],
    [UNIFORM, 1, 0.5],
    [INT, 0, 10],
    [INT, 0.2499, 10],
    [INT, 0.25, 11],
    [INT, 0.9999, 13],
    [INT, 1, 13],
    [WIDTH, 0.5, 128],
    [WIDTH, 0.51, 133],
    [CHOICE, 0, 'relu'],
    [CHOICE, 0.34, 'tanh'],
    [CHOICE, 0.99, { leakyRelu: { slope: 0.1 } }],
    [CHOICE, 1, { leakyRelu: { slope: 0.1 } }],
  ])('%s at %d', (range, unit, value) => {
    expect(valueAt(spaceFrom(`{ ${range} }`)[0]!, unit)).toEqual(value);
  });

  test.each([LOG, UNIFORM, INT, WIDTH, CHOICE])('and back: %s', (range) => {
    const [dimension] = spaceFrom(`{ ${range} }`);
    for (const unit of [0.02, 0.3, 0.5, 0.77, 0.98]) {
      const value = valueAt(dimension!, unit);
      const back = unitOf(dimension!, value);
      expect(valueAt(dimension!, back)).toEqual(value);
      expect(Math.abs(back - unit)).toBeLessThan(range === CHOICE || range === INT ? 0.18 : 0.01);
    }
  });
});

test('lists of layers are set before what is within them', () => {
  const space = spaceFrom(
    '{ model.layers.0.dense: { int: [5, 9] }, model.layers: { choice: [[dense: 3, dense: 3], [dense: 8, dense: 3]] } }',
  );
  const edits = editsOf(space, valuesAt(space, [0.9, 0]));
  expect(edits.map(({ path }) => path.join('.'))).toEqual(['model.layers', 'model.layers.0.dense']);
});

describe('ranges narrow around the best trials', () => {
  const space = spaceFrom(`{ ${LOG}, ${UNIFORM}, ${CHOICE} }`);
  /** The best rate is 1e-2; dropout does not matter; tanh is bad. */
  const trials = Array.from({ length: 60 }, (_, i) => {
    const point = [(i * 0.618) % 1, (i * 0.414) % 1, (i * 0.732) % 1];
    const parameters = valuesAt(space, point);
    const far = Math.abs(Math.log10(Number(parameters['optimizer.learningRate'])) + 2);
    const bad = parameters['model.layers.1'] === 'tanh' ? 0.5 : 0;
    return trialOf(i + 1, parameters, far > 1.5 && i % 3 === 0 ? Number.NaN : 1 - 0.2 * far - bad);
  });
  const narrowed = narrow(space, trials);

  test('of a key that matters', () => {
    const { low, high } = rangesOf(narrowed)['optimizer.learningRate'] as {
      low: number;
      high: number;
    };
    expect(low).toBeGreaterThan(5e-4);
    expect(low).toBeLessThan(1e-2);
    expect(high).toBeGreaterThan(1e-2);
    expect(high).toBeLessThan(0.2);
  });

  test('not of one that does not', () => {
    const { low, high } = rangesOf(narrowed)['model.layers.2.dropout'] as {
      low: number;
      high: number;
    };
    expect(high - low).toBeGreaterThan(0.25);
  });

  test('bad choices are dropped', () => {
    expect(rangesOf(narrowed)['model.layers.1']).toEqual({
      values: ['relu', { leakyRelu: { slope: 0.1 } }],
    });
  });

  test('never beyond the range, and not without results', () => {
    for (const [key, now] of Object.entries(rangesOf(narrowed))) {
      const whole = rangesOf(space)[key]!;
      if (!('low' in now) || !('low' in whole)) continue;
      expect(now.low).toBeGreaterThanOrEqual(whole.low);
      expect(now.high).toBeLessThanOrEqual(whole.high);
    }
    const exploded = trials.map((trial) => trialOf(trial.number, trial.parameters, Number.NaN));
    expect(narrow(space, exploded)).toEqual(space);
  });

  test('in whatever order trials have ended', () => {
    expect(narrow(space, trials.toReversed())).toEqual(narrowed);
  });

  test('what the user changes holds', () => {
    const changed = withRanges(narrowed, { 'optimizer.learningRate': { low: 1e-3, high: 1e-2 } });
    expect(rangesOf(changed)).toEqual({
      ...rangesOf(narrowed),
      'optimizer.learningRate': { low: 1e-3, high: 1e-2 },
    });
  });
});
