import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lifetime, placeLifetimes } from '../../../core/network/lifetimes.ts';

const lifetime = fc
  .record({ bytes: fc.nat({ max: 1000 }), from: fc.nat({ max: 20 }), length: fc.nat({ max: 5 }) })
  .map(({ bytes, from, length }): Lifetime => ({ bytes, from, to: from + length }));

const together = (a: Lifetime, b: Lifetime) => a.from <= b.to && b.from <= a.to;

describe('placeLifetimes', () => {
  test('what is alive together does not overlap, and all fits', () => {
    fc.assert(
      fc.property(fc.array(lifetime), (lifetimes) => {
        const { offsets, bytes } = placeLifetimes(lifetimes);
        for (const [i, a] of lifetimes.entries()) {
          expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes);
          for (const [j, b] of lifetimes.entries()) {
            if (i === j || !together(a, b) || a.bytes === 0 || b.bytes === 0) continue;
            const apart = offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i];
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });

  test('of a chain, two neighbours at a time share the place of all', () => {
    const chain = [0, 1, 2, 3, 4].map((from) => ({ bytes: 100, from, to: from + 1 }));
    expect(placeLifetimes(chain).bytes).toBe(200);
  });
});
