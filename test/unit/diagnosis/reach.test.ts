import { beforeAll, describe, expect, it, test } from 'vitest';
import { isDone, left, leftToPerfect } from '../../../core/diagnosis/learning.ts';
import { LossCurve } from '../../../core/diagnosis/loss-curve.ts';
import { isBehindNeighbours, reachOf } from '../../../core/diagnosis/reach.ts';
import type { Rule } from '../../../core/diagnosis/rule.ts';
import { tooFewEpochs } from '../../../core/diagnosis/rules/fit/too-few-epochs.ts';
import { learningRateLow } from '../../../core/diagnosis/rules/rate/learning-rate-low.ts';
import { scheduleTooFast } from '../../../core/diagnosis/rules/rate/schedule-too-fast.ts';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { beginning, type Told, traceOf } from './told-trace.ts';

const EPOCHS = 20;
let plain: RunEvent[];
let fading: RunEvent[];
beforeAll(async () => {
  plain = await beginning(EPOCHS, 8);
  fading = await beginning(EPOCHS, 32, 'schedule: { type: exponential, rate: 1 }');
});

const curve = (at: (epoch: number) => number, epochs = EPOCHS) =>
  Array.from({ length: epochs }, (_, i) => at(i));
const flat = (left: number, accuracy: number, epochs = EPOCHS) => ({
  train: curve(() => left, epochs),
  accuracy: curve(() => accuracy, epochs),
});
const say = (rule: Rule, first: readonly RunEvent[], told: Told) =>
  rule.begin()(traceOf(first, told), 'epoch');

describe('what the data allow', () => {
  it.each<[string, Told['neighbours'], number]>([
    ['all, where neighbours were not asked', undefined, 1],
    ['all, where they tell nothing', { score: 0.4, apart: 0.01, examined: 300 }, 1],
    ['what they reach', { score: 0.8, apart: 0, examined: 300 }, 0.7],
    ['more, where they are far', { score: 0.8, apart: 0.2, examined: 300 }, 0.9],
    ['all, where they are very far', { score: 0.8, apart: 0.5, examined: 300 }, 1],
  ])('is %s', (_, neighbours, most) => {
    const trace = traceOf(plain, { ...flat(0.5, 0.8, 3), neighbours });
    expect(reachOf(trace).most).toBeCloseTo(most, 1);
    expect(reachOf(trace).rest).toBeLessThanOrEqual(0.1);
  });

  it('is all that is left to learn, but for rules about labels', () => {
    const near = { score: 0.75, apart: 0.01, examined: 300 };
    const trace = traceOf(plain, { ...flat(0.6, 0.74, 3), neighbours: near });
    expect(left(trace)).toBeLessThan(0.06);
    expect(isDone(trace)).toBe(true);
    expect(leftToPerfect(trace)).toBeCloseTo(0.6);
    expect(isDone(traceOf(plain, flat(0.6, 0.74, 3)))).toBe(false);
    expect(isDone(traceOf(plain, { ...flat(0.6, 0.6, 3), neighbours: near }))).toBe(false);
  });

  it('leaves less where more examples tell it', () => {
    const rest = (examined: number) =>
      reachOf(
        traceOf(plain, { ...flat(0.6, 0.7, 3), neighbours: { score: 0.9, apart: 0, examined } }),
      ).rest;
    expect(rest(500)).toBeLessThan(rest(150));
    expect(rest(500)).toBeGreaterThan(0.05);
  });
});

test.each([
  ['by 6 points', 0.74, 300, true],
  ['by 4 points', 0.76, 300, false],
  ['by 6 points of few examples', 0.74, 50, false],
])('a run may be behind its neighbours: %s', (_, accuracy, examined, behind) => {
  const neighbours = { score: 0.8, apart: 0.01, examined };
  const trace = traceOf(plain, { ...flat(0.5, accuracy, 3), neighbours });
  expect(isBehindNeighbours(trace)).toBe(behind);
});

describe('rules where neighbours show that there is more to learn', () => {
  // It falls, but promises no more right answers.
  const slow = {
    train: curve((i) => 0.6 - 0.002 * i),
    accuracy: curve(() => 0.7),
    ratio: 5e-3,
  };
  const ahead = { score: 0.9, apart: 0.01, examined: 300 };
  const level = { score: 0.71, apart: 0.01, examined: 300 };

  it('too-few-epochs', () => {
    const [found] = say(tooFewEpochs, plain, { ...slow, neighbours: ahead });
    expect(found!.message).toContain('reach 0.9 without a network');
    expect(say(tooFewEpochs, plain, { ...slow, neighbours: level })).toEqual([]);
    expect(say(tooFewEpochs, plain, slow)).toEqual([]);
  });

  it('learning-rate-low', () => {
    const low = { ...slow, ratio: 5e-4 };
    const [found] = say(learningRateLow, plain, { ...low, neighbours: ahead });
    expect(found).toMatchObject({ severity: 'warning', path: ['optimizer', 'learningRate'] });
    expect(say(learningRateLow, plain, { ...low, neighbours: level })).toEqual([]);
  });

  it('schedule-too-fast', () => {
    const stuck = flat(0.19, 0.8, 6);
    const behind = { score: 0.9, apart: 0.01, examined: 300 };
    expect(say(scheduleTooFast, fading, { ...stuck, neighbours: behind })).toHaveLength(1);
    expect(say(scheduleTooFast, fading, stuck)).toEqual([]);
  });
});

test('the mean of a part of the loss curve is that of the windows in it', () => {
  // Windows of two steps.
  const losses = new LossCurve(16, 32);
  for (let step = 1; step <= 32; step++) losses.add(step, step, step);
  expect(losses.meanOf(16, 20)).toBe((17 + 18 + 19 + 20) / 4);
  expect(losses.meanOf(12, 16)).toBe((13 + 14 + 15 + 16) / 4);
  expect(losses.meanOf(0, 2)).toBe(1.5);
  expect(losses.meanOf(32, 40)).toBeNaN();
});
