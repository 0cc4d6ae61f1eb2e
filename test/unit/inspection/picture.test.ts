import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { type Histogram, HistogramColumns, histogramAt } from '../../../core/events/histogram.ts';
import { pictureOf } from '../../../core/inspection/picture.ts';

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** The bin of a value's size, as the kernel finds it. */
function binOf(value: number): number {
  float[0] = Math.abs(value);
  return bits[0]! >>> 20;
}

function histogram(values: number[]): Histogram {
  const columns = new HistogramColumns(1);
  const range = { count: values.length, min: Math.min(...values), max: Math.max(...values) };
  columns.add(range, (counts, first, negative) => {
    for (const i of counts.keys())
      counts[i] = values.filter((v) => v < 0 === negative && binOf(v) === first + i).length;
  });
  return histogramAt(columns.take(), 0);
}

function normals(mean: number, std: number, count = 4000): number[] {
  const random = new RandomStream(4, `${mean} ${std}`);
  return Array.from({ length: count }, () => mean + std * random.normal());
}

describe('a picture', () => {
  it('spans what nearly all values of nearly all moments are', () => {
    const { from, to } = pictureOf([histogram(normals(0, 1)), histogram(normals(0, 1.2))])!;
    expect(from).toBeGreaterThan(-3.3);
    expect(from).toBeLessThan(-2.3);
    expect(to).toBeGreaterThan(2.3);
    expect(to).toBeLessThan(3.3);
  });

  it('is not flattened by one moment that is far off', () => {
    const usual = Array.from({ length: 9 }, () => histogram(normals(0, 1)));
    const { to } = pictureOf([...usual, histogram(normals(0, 1000))])!;
    expect(to).toBeLessThan(10);
  });

  it('tells the shares of a column', () => {
    const values = normals(1, 0.5);
    const { from, to, columns, density, full } = pictureOf([histogram(values)])!;
    const width = (to - from) / columns;
    const [left, right] = [from + 30 * width, from + 60 * width];
    const inside = values.filter((value) => value >= left && value < right).length / values.length;
    const told = density.subarray(30, 60).reduce((sum, share) => sum + (share / 200) * full, 0);
    expect(told).toBeCloseTo(inside, 1);
  });

  it('shows what is beside a spike at 0', () => {
    const values = normals(0, 1).map((value) => Math.max(0, value));
    const { from, density } = pictureOf([histogram(values)])!;
    expect(from).toBe(0);
    expect(density[0]).toBe(255);
    expect(Math.max(...density.subarray(3))).toBeGreaterThan(150);
  });

  it('has a range where all values are one, and none where there is no value', () => {
    const { from, to } = pictureOf([histogram([2, 2, 2])])!;
    expect(from).toBeLessThan(2);
    expect(to).toBeGreaterThan(2);
    const empty = new HistogramColumns(1);
    empty.add({ count: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }, () => {});
    const nothing = histogramAt(empty.take(), 0);
    expect(pictureOf([nothing, nothing])).toBeNull();
    expect(pictureOf([])).toBeNull();
    // A moment without values among others is an empty row.
    const { density, columns } = pictureOf([nothing, histogram(normals(0, 1))])!;
    expect(Math.max(...density.subarray(0, columns))).toBe(0);
  });
});
