import { describe, expect, it } from 'vitest';
import { classRates } from '../../../../core/inspection/explorer/confusion.ts';
import { fourthsOf, groupsOf, nearest } from '../../../../core/inspection/explorer/groups.ts';

describe('groups in a plane', () => {
  it('lists the nearest in order', () => {
    const points = Float32Array.from([0, 0, 3, 0, 1, 0, 0, -2, 9, 9]);
    expect(nearest(points, 0, 3)).toEqual([2, 3, 1]);
    expect(nearest(points, 0, 9)).toEqual([2, 3, 1, 4]);
  });

  it('has the center and how alike the neighbours are; an empty group NaN', () => {
    // Eleven at each of two places far apart, one of which is in the wrong group.
    const points = Float32Array.from({ length: 44 }, (_, i) => (i < 22 ? 0 : 100));
    const groups = Array.from({ length: 22 }, (_, i) => (i < 10 ? 0 : 1));
    const [first, second, none] = groupsOf(points, groups, 3);
    expect(first).toEqual({ count: 10, center: [0, 0], alike: expect.closeTo(0.9) });
    expect(second.count).toBe(12);
    expect(second.center[0]).toBeCloseTo(1100 / 12);
    expect(second.alike).toBeCloseTo(11 / 12);
    expect(none).toEqual({ count: 0, center: [Number.NaN, Number.NaN], alike: Number.NaN });
  });

  it('cuts values in fourths', () => {
    const { groups, fourths } = fourthsOf(Float32Array.from([8, 1, 2, 3, 4, 5, 6, 7]));
    expect([...groups]).toEqual([3, 0, 0, 1, 1, 2, 2, 3]);
    expect(fourths[1]).toEqual({ low: 3, high: 4 });
    const alike = fourthsOf(Float32Array.from([5, 5, 5]));
    expect([...alike.groups]).toEqual([3, 3, 3]);
    expect(alike.fourths[0]).toEqual({ low: Number.NaN, high: Number.NaN });
  });
});

describe('rates of classes', () => {
  it('count an example without a prediction as not recalled; a share of nothing is NaN', () => {
    // Of three of class 0 two are right and one is NaN; the only one of class 1 is taken for 0.
    const labels = Int32Array.from([0, 0, 0, 1]);
    const confusion = Uint32Array.from([2, 0, 0, 1, 0, 0, 0, 0, 0]);
    const { totals, recall, precision } = classRates({ labels, confusion }, 3);
    expect([...totals]).toEqual([3, 1, 0]);
    expect([...recall]).toEqual([2 / 3, 0, Number.NaN]);
    expect([...precision]).toEqual([2 / 3, Number.NaN, Number.NaN]);
  });
});
