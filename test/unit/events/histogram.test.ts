import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binEdge,
  binsOf,
  type Histogram,
  HistogramColumns,
  merge,
  unpackHistograms,
} from '../../../core/events/histogram.ts';
import { packHistograms } from './packed.ts';

/** By the definition: between which edges each value is. */
function histogram(values: number[]): Histogram {
  const min = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const max = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const columns = new HistogramColumns(1);
  columns.add({ count: values.length, min, max }, (counts, first, negative) => {
    for (const i of counts.keys())
      counts[i] += values.filter((value) => {
        const size = Math.abs(value);
        const [from, to] = [binEdge(first + i), binEdge(first + i + 1)];
        return value < 0 === negative && size >= from && size < to;
      }).length;
  });
  return unpackHistograms(columns.take())[0]!;
}

const total = ({ small, negative, positive }: Histogram) =>
  [...negative, ...positive].reduce((sum, count) => sum + count, small);
const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 60 });
const similar = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { maxLength: 60 });
const values = fc.oneof(floats, similar);

describe('histograms', () => {
  it('put every value between the edges of a bin that counts it', () => {
    fc.assert(
      fc.property(values, (all) => {
        const bins = binsOf(histogram(all));
        for (const value of all) {
          const x = Math.abs(value);
          const bin = bins.find(({ from, to }) => {
            if (from < 0 && to > 0) return x < to;
            return value < 0 ? x >= -to && x < -from : x >= from && x < to;
          });
          expect(bin?.count, `${value}`).toBeGreaterThan(0);
        }
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        for (const [i, bin] of bins.entries()) if (i > 0) expect(bin.from).toBe(bins[i - 1]!.to);
      }),
    );
  });

  it('merge into that of all values', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const both = histogram([...a, ...b]);
        expect(merge(histogram(a), histogram(b))).toEqual(both);
      }),
    );
  });

  it('tell apart an eighth of an octave, eight octaves below the largest', () => {
    const { first, small, positive, negative } = histogram([1, 1.125, 1.2, -1.99, 2 ** -9, 0]);
    expect(binEdge(first)).toBe(2 ** -7);
    expect(small).toBe(2);
    expect([...positive.subarray(-2)]).toEqual([1, 2]);
    expect(negative.at(-1)).toBe(1);
    expect(binEdge(first + negative.length)).toBe(2);
  });

  it('are packed into columns and back', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 6 }), (all) => {
        const histograms = all.map(histogram);
        expect(unpackHistograms(packHistograms(histograms))).toEqual(histograms);
      }),
    );
  });

  it('of nothing, and of zeros alone, are empty', () => {
    expect(total(histogram([]))).toBe(0);
    const zeros = histogram([0, -0, 0]);
    expect(total(zeros)).toBe(3);
    expect(binsOf(zeros).filter(({ count }) => count > 0)).toHaveLength(1);
  });
});
