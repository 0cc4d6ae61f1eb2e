import { expect, test } from 'vitest';
import { effectOf } from './effect/effect.ts';
import { mannWhitney } from './effect/mann-whitney.ts';
import { type Outcome, timeTo } from './effect/outcome.ts';
import { wilson } from './effect/wilson.ts';

test('Mann-Whitney: exact probabilities of small samples', () => {
  // All 3 below all 3: one of C(6, 3) = 20 ways.
  expect(mannWhitney([1, 2, 3], [4, 5, 6])).toBeCloseTo(1 / 20, 12);
  expect(mannWhitney([4, 5, 6], [1, 2, 3])).toBeCloseTo(1, 12);
  // Ranks 1, 2, 4 of 5 and the like: sums of at most 7 are {1,2,3} and {1,2,4}, of C(5, 3) = 10.
  expect(mannWhitney([1, 2, 4], [3, 5])).toBeCloseTo(2 / 10, 12);
  // scipy.stats.mannwhitneyu([1, 3, 5, 7], [2, 4, 6, 8, 9], alternative='less', method='exact')
  expect(mannWhitney([1, 3, 5, 7], [2, 4, 6, 8, 9])).toBeCloseTo(0.2063492063, 9);
});

test('Mann-Whitney: ties share their rank, infinities are the largest', () => {
  // All equal: every choice has the same sum.
  expect(mannWhitney([1, 1, 1], [1, 1])).toBe(1);
  // Ranks 1, 2.5 | 2.5, 4: of the 6 choices those with a sum of at most 3.5, which are 2.
  expect(mannWhitney([1, 2], [2, 3])).toBeCloseTo(2 / 6, 12);
  const never = Number.POSITIVE_INFINITY;
  expect(mannWhitney([3, 4, 5], [never, never, never])).toBeCloseTo(1 / 20, 12);
});

test('Wilson: the interval of a share', () => {
  // Newcombe (1998), table I: 81 of 263 and 0 of 20.
  expect(wilson(81, 263).map((p) => Number(p.toFixed(4)))).toEqual([0.2553, 0.3662]);
  expect(wilson(0, 20).map((p) => Number(p.toFixed(4)))).toEqual([0, 0.1611]);
  expect(wilson(0, 0)).toEqual([0, 1]);
});

const run = (...scores: number[]): Outcome => ({ scores, final: scores.at(-1)! });

test('the time to a target is in epochs, and infinite for what does not get or stay there', () => {
  expect(timeTo(0.9, run(0.5, 0.9, 0.8, 0.95))).toBe(2);
  expect(timeTo(0.9, run(0.5, 0.6))).toBe(Number.POSITIVE_INFINITY);
  expect(timeTo(0.9, run(0.95, 0.2))).toBe(Number.POSITIVE_INFINITY);
});

test('an effect: less good, only slower, or none', () => {
  const seeds = Array.from({ length: 10 }, (_, i) => i / 1000);
  const base = seeds.map((e) => run(0.5, 0.9 + e, 0.9 + e, 0.9 + e));
  expect(effectOf(base, base).harms).toBeNull();
  const worse = seeds.map((e) => run(0.5, 0.8 + e, 0.8 + e, 0.8 + e));
  expect(effectOf(worse, base)).toMatchObject({ harms: 'score', timeRatio: null });
  // Significant, but 4 points are too few.
  const hardly = seeds.map((e) => run(0.5, 0.86 + e, 0.9 + e, 0.86 + e));
  expect(effectOf(hardly, base).p).toBeLessThan(0.05);
  expect(effectOf(hardly, base).harms).not.toBe('score');
  const slower = seeds.map((e) => run(0.5, 0.6, 0.7, 0.9 + e));
  expect(effectOf(slower, base)).toMatchObject({ harms: 'time', timeRatio: 2 });
  // 5 points in the mean through one bad seed: that may be chance.
  const unlucky = seeds.map((e, i) => (i === 0 ? run(0.1, 0.1) : run(0.5, 0.9 + e)));
  expect(effectOf(unlucky, base).harms).toBeNull();
});
