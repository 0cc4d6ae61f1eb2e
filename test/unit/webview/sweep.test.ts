import { expect, test } from 'vitest';
import { SvgPen } from '../../../core/report/chart/pen.ts';
import { SAMPLERS, trialCount } from '../../../core/sweep/samplers/index.ts';
import {
  type Dimension,
  unitOf as placeOf,
  valueAt as valueIn,
} from '../../../core/sweep/space.ts';
import { gridOf, keyName, ticksOf, unitOf, valueAt } from '../../../webview/sweep/keys.ts';
import { SweepModel } from '../../../webview/sweep/model.ts';
import { linesOf, nearestLine, tidy } from '../../../webview/sweep/parallel-layout.ts';
import type { SearchedKey } from '../../../webview/sweep/protocol.ts';
import { curvesOf, hydrate, KEYS, makeTrials, rowsOf } from '../../ui/sweep/sweeps.ts';

const log: SearchedKey = { key: 'a.rate', kind: 'log', low: 1e-4, high: 1, choices: [] };
const uniform: SearchedKey = { key: 'b.rate', kind: 'uniform', low: 0, high: 0.5, choices: [] };
const int: SearchedKey = { key: 'model.layers.0.dense', kind: 'int', low: 1, high: 4, choices: [] };
const choice: SearchedKey = {
  key: 'init',
  kind: 'choice',
  low: 0,
  high: 1,
  choices: ['he', 'xavier'],
};

test.each([
  [log, 1e-2, 0.5],
  [uniform, 0.125, 0.25],
  [int, 1, 0.125],
  [choice, 1, 0.75],
])('the place of a value on its axis, and back: %o', (key, value, unit) => {
  expect(unitOf(key, value)).toBeCloseTo(unit, 12);
  expect(valueAt(key, unit)).toBeCloseTo(value, 12);
});

test('ticks are values as people write them; of a choice all', () => {
  expect(ticksOf(log, 5).map(({ text }) => text)).toEqual(['1e-4', '1e-3', '1e-2', '1e-1', '1e0']);
  expect(ticksOf(int, 9).map(({ text }) => text)).toEqual(['1', '2', '3', '4']);
  expect(ticksOf(choice, 2)).toEqual([
    { unit: 0.25, text: 'he' },
    { unit: 0.75, text: 'xavier' },
  ]);
});

test('a key is called by its last part, unless that is another’s, or a number', () => {
  expect(keyName('optimizer.momentum', [log, uniform])).toBe('momentum');
  expect(keyName('a.rate', [log, uniform])).toBe('a.rate');
  expect(keyName('model.layers.1', [])).toBe('model.layers.1');
});

test.each<[trials: number, keys: SearchedKey[], levels: number[]]>([
  [100, [log, uniform], [10, 10]],
  // 9 × 9 would be 81, and 11 × 9 is still at most 99.
  [99, [log, uniform], [11, 9]],
  // No more than there are.
  [100, [log, int, choice], [12, 4, 2]],
  [3, [log, uniform, int, choice], [3, 1, 1, 1]],
])('a grid of %i trials tries what the sampler would', (trials, keys, levels) => {
  const places = gridOf(keys, trials, {});
  expect(places.map(({ length }) => length)).toEqual(levels);
  const space = keys.map(({ key, kind, low, high, choices }): Dimension => {
    const range = kind === 'choice' ? { kind, values: choices } : { kind, low, high };
    return { key, path: key.split('.'), range, whole: false };
  });
  const [seed, stage, first, known] = [1, 1, 0, []];
  const count = trialCount('grid', space, trials);
  const points = SAMPLERS.grid({ space, seed, stage, first, count, total: trials, known });
  for (const [k, dimension] of space.entries()) {
    const values = points.map((point) => valueIn(dimension, point[k]!));
    const tried = [...new Set(values)].map((value) => placeOf(dimension, value));
    expect(places[k]).toEqual(tried.map((place) => expect.closeTo(place, 3)));
  }
});

test('a grid lies where the first stage looks', () => {
  const [places] = gridOf([log], 2, { [log.key]: { low: 1e-2, high: 1 } });
  expect(places).toEqual([expect.closeTo(0.625, 9), expect.closeTo(0.875, 9)]);
});

function model(count = 60): SweepModel {
  const made = new SweepModel();
  made.receive(hydrate(makeTrials(count)));
  return made;
}

test('trials are ranked by score; those without one are last and have no rank', () => {
  const { ranked, trials } = model();
  const scores = ranked.map(({ score }) => score).filter((score) => !Number.isNaN(score));
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(ranked[0]!.rank).toBe(1);
  expect(ranked[scores.length - 1]!.rank).toBe(0);
  const without = trials.filter(({ score }) => Number.isNaN(score));
  expect(without.length).toBeGreaterThan(0);
  expect(without.every(({ rank }) => Number.isNaN(rank))).toBe(true);
  expect(ranked.slice(-without.length).toSorted((a, b) => a.place - b.place)).toEqual(without);
});

test('an update changes the trials that it names, and leaves the losses that have come', () => {
  const made = makeTrials(10, 10);
  const shown = new SweepModel();
  shown.receive(hydrate(made));
  expect(shown.withoutCurve).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((i) => made[i]!.epochs));
  shown.receive({ type: 'curves', curves: curvesOf(made) });
  expect(shown.withoutCurve).toEqual([]);
  const better = { ...made[3]!, score: 0.999, epochs: made[3]!.epochs + 1 };
  const { facts } = shown;
  shown.receive({ type: 'update', facts: facts!, trials: rowsOf([better], 3) });
  expect(shown.ranked[0]!.place).toBe(3);
  expect([...shown.trials[3]!.losses]).toEqual(made[3]!.losses);
  expect(shown.withoutCurve).toEqual([3]);
});

test('brushes of several axes leave what lies within all of them', () => {
  const shown = model();
  shown.brush(0, [0.4, 0.8]);
  shown.brush(KEYS.length, [0.5, 1]);
  const left = shown.trials.filter((trial) => shown.isWithin(trial));
  expect(left.length).toBeGreaterThan(0);
  expect(left.length).toBeLessThan(60);
  for (const trial of left) {
    expect(trial.units[0]).toBeGreaterThanOrEqual(0.4);
    expect(trial.units[0]).toBeLessThanOrEqual(0.8);
    expect(shown.scoreUnit(trial)).toBeGreaterThanOrEqual(0.5);
  }
  shown.brush(0, null);
  shown.brush(KEYS.length, null);
  expect(shown.isBrushed).toBe(false);
});

test('the line below the pointer, between two axes', () => {
  const shown = model(20);
  const frame = { left: 10, right: 10, top: 0, bottom: 0 };
  const lines = linesOf(shown, frame, 420, 100);
  expect([...lines.xs]).toEqual([10, 110, 210, 310, 410]);
  const [a, b] = [lines.ys[5 * 5 + 1]!, lines.ys[5 * 5 + 2]!];
  expect(a).toBeCloseTo(100 * (1 - shown.trials[5]!.units[1]!), 4);
  const middle = (a + b) / 2;
  expect(nearestLine(lines, [shown.trials[5]!], 160, middle + 3, 8)).toBe(5);
  expect(nearestLine(lines, [shown.trials[5]!], 160, middle + 9, 8)).toBe(-1);
  expect(nearestLine(lines, shown.trials, 415, middle, 8)).toBe(-1);
});

test('a pull is a span with its ends in order, within the axis', () => {
  expect(tidy(0.7, 0.2)).toEqual([0.2, 0.7]);
  expect(tidy(-0.3, 0.5)).toEqual([0, 0.5]);
  expect(tidy(-1, 2)).toBeNull();
  expect(tidy(0.4, 0.4)).toBeNull();
});

test('a pen that writes SVG draws circles, too', () => {
  const pen = new SvgPen();
  pen.beginPath();
  pen.arc(10, 20, 4, 0, 2 * Math.PI);
  pen.fill();
  expect(pen.markup).toBe('<path d="M6 20a4 4 0 1 0 8 0a4 4 0 1 0 -8 0" fill="#000"/>');
});
