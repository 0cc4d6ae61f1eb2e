import { describe, expect, test } from 'vitest';
import { dense, flopsOf, WORKLOADS } from '../../bench/step/workloads.ts';

const workload = (name: string) => WORKLOADS.find((each) => each.name === name)!;

describe('operations of a step', () => {
  test('of dense layers: two products for the first, three for the others', () => {
    const { input, batch } = workload('mnist');
    expect([input, batch]).toEqual([[784], 64]);
    expect(flopsOf(workload('mnist'))).toBe(2 * 64 * (2 * 784 * 128 + 3 * 128 * 10));
  });

  test('of convolutions: every weight at every place of the output', () => {
    // 28 − 4 = 24, pooled to 12; 12 − 4 = 8, pooled to 4.
    const first = 5 * 5 * 1 * 8 * 24 * 24;
    const second = 5 * 5 * 8 * 16 * 8 * 8;
    const last = 4 * 4 * 16 * 10;
    expect(flopsOf(workload('lenet'))).toBe(2 * 64 * (2 * first + 3 * second + 3 * last));
  });

  test('relu stands between dense layers, not behind the last', () => {
    expect(dense(16, 2)).toEqual([{ dense: 16 }, 'relu', { dense: 2 }]);
  });
});
