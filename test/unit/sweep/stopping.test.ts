import { describe, expect, test } from 'vitest';
import { rungsOf, survivors } from '../../../core/sweep/stopping.ts';

test.each<[stopping: 'none' | 'median' | 'asha', epochs: number, rungs: number[]]>([
  ['none', 20, []],
  ['median', 20, [5, 10, 15]],
  ['median', 2, [1]],
  ['median', 1, []],
  ['asha', 27, [3, 9]],
  ['asha', 9, [1, 3]],
  ['asha', 3, [1]],
  ['asha', 1, []],
])('rungs of %s in %d epochs', (stopping, epochs, rungs) => {
  expect(rungsOf(stopping, epochs)).toEqual(rungs);
});

describe('who goes on', () => {
  const contenders = [
    { number: 1, scores: [0.1, 0.2] },
    { number: 2, scores: [0.9, 0.3] },
    { number: 3, scores: [0.2, 0.8] },
    { number: 4, scores: [0.2, Number.NaN] },
    { number: 5, scores: [0.5, 0.5] },
    { number: 6, scores: [0.1, 0.1] },
  ];
  test.each<['none' | 'median' | 'asha', number[]]>([
    ['none', [1, 2, 3, 5, 6]],
    ['asha', [3, 5]],
    // Means .15, .6, .5, .5, .1: the median is .5.
    ['median', [2, 3, 5]],
  ])('%s', (stopping, numbers) => {
    expect([...survivors(stopping, contenders)].sort()).toEqual(numbers);
    expect([...survivors(stopping, contenders.toReversed())].sort()).toEqual(numbers);
  });

  test('of equals the earlier ones', () => {
    const equal = [3, 1, 2].map((number) => ({ number, scores: [0.5] }));
    expect([...survivors('asha', equal)]).toEqual([1]);
  });

  test('nobody, where nobody has a result', () => {
    for (const stopping of ['none', 'median', 'asha'] as const)
      expect(survivors(stopping, [{ number: 1, scores: [] }]).size).toBe(0);
  });
});
