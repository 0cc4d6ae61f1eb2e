import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../../core/data/random.ts';
import {
  componentsOf,
  principalComponents,
  scalarProducts,
} from '../../../../core/inspection/explorer/principal-components.ts';
import {
  divergence,
  Forces,
  neighbourhoods,
  tsne,
} from '../../../../core/inspection/explorer/tsne.ts';
import { numericGradient, relativeError } from '../../../reference/gradient-check.ts';
import { dataOf, explorerOf } from './explored.ts';

const nothing = () => {};

/** Centered examples: independent columns of these spreads. */
function cloud(count: number, spreads: readonly number[]) {
  const random = new RandomStream(count, 'cloud');
  const width = spreads.length;
  const values = Float32Array.from(
    { length: count * width },
    (_, i) => spreads[i % width] * random.normal(),
  );
  for (let k = 0; k < width; k++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i * width + k];
    for (let i = 0; i < count; i++) values[i * width + k] -= sum / count;
  }
  return { values, count, width };
}

describe('principal components', () => {
  it.each([
    ['fewer features than examples', 300, 12],
    ['more', 40, 300],
    ['as many', 30, 30],
  ])('of %s are the widest shadow', (_name, count, width) => {
    const features = cloud(
      count,
      Array.from({ length: width }, (_, k) => 3 / (1 + k)),
    );
    const { points, explained } = principalComponents(features, nothing, nothing);
    // U Σ of the two: X Xᵀ u = λ u for each column, at right angles, and nothing wider is left.
    const products = scalarProducts(features, nothing);
    const axes = [0, 1].map((axis) => points.filter((_, i) => i % 2 === axis));
    const times = (v: Float64Array) =>
      v.map((_, i) => v.reduce((sum, value, j) => sum + products[i * count + j] * value, 0));
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
    const trace = axes[0].reduce((sum, _, i) => sum + products[i * count + i], 0);
    for (const [k, axis] of axes.entries()) {
      const value = dot(axis, axis);
      expect(
        relativeError(
          times(axis),
          axis.map((x) => value * x),
        ),
      ).toBeLessThan(1e-4);
      expect(explained[k]).toBeCloseTo(value / trace, 5);
      expect(Math.max(...axis)).toBe(Math.max(...axis.map(Math.abs)));
    }
    expect(Math.abs(dot(axes[0], axes[1]))).toBeLessThan(1e-3 * dot(axes[0], axes[0]));
    // Power iteration from anywhere finds no larger ones.
    let v = Float64Array.from({ length: count }, (_, i) => Math.cos(i * i + 1));
    for (let i = 0; i < 500; i++) {
      const next = times(v);
      const length = Math.sqrt(dot(next, next));
      v = next.map((x) => x / length);
    }
    expect(dot(v, times(v)) / dot(axes[0], axes[0])).toBeCloseTo(1, 4);
    const fromPairs = componentsOf(products, count, nothing, nothing);
    expect(relativeError(fromPairs.points, points)).toBeLessThan(1e-3);
  });

  it('of one feature, or of points that coincide, have no second axis', () => {
    const line = principalComponents(cloud(20, [2]), nothing, nothing);
    expect(line.explained[0]).toBeCloseTo(1, 6);
    expect(line.explained[1]).toBe(0);
    const point = { values: new Float32Array(30), count: 10, width: 3 };
    expect(principalComponents(point, nothing, nothing)).toEqual({
      points: new Float64Array(20),
      explained: [0, 0],
    });
  });
});

/** Squared distances of a cloud. */
function squaresOf({ values, count, width }: ReturnType<typeof cloud>): Float64Array {
  return Float64Array.from({ length: count * count }, (_, at) => {
    const [i, j] = [Math.floor(at / count), at % count];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (values[i * width + k] - values[j * width + k]) ** 2;
    return sum;
  });
}

describe('t-SNE', () => {
  const n = 30;
  const squares = squaresOf(cloud(n, [1, 2, 1, 3]));

  it('gives each point as many neighbours as the perplexity says', () => {
    // Joint shares are sums of the conditional ones: of points all alike, these are found again.
    const ring = Float64Array.from({ length: n * n }, (_, at) => {
      const apart = Math.abs(Math.floor(at / n) - (at % n));
      return Math.min(apart, n - apart) ** 2;
    });
    const p = neighbourhoods(ring, n, 7, nothing);
    for (let i = 0; i < n; i++) {
      const row = p.subarray(i * n, (i + 1) * n).map((share) => share * n);
      const entropy = -row.reduce(
        (sum, share) => sum + (share > 0 ? share * Math.log(share) : 0),
        0,
      );
      expect(Math.exp(entropy)).toBeCloseTo(7, 3);
    }
  });

  it('has joint shares that are symmetric and sum to 1, none of a point with itself', () => {
    const p = neighbourhoods(squares, n, 5, nothing);
    expect(p.reduce((sum, share) => sum + share)).toBeCloseTo(1, 10);
    for (let i = 0; i < n; i++) {
      expect(p[i * n + i]).toBe(0);
      for (let j = 0; j < i; j++) expect(p[i * n + j]).toBe(p[j * n + i]);
    }
  });

  it.each([3, 4, 5, 30])('goes down the gradient of the divergence, of %i points', (count) => {
    const near = squaresOf(cloud(count, [1, 2, 1, 3]));
    const p = neighbourhoods(near, count, Math.min(5, (count - 1) / 2), nothing);
    const random = new RandomStream(count, 'points');
    const points = Float64Array.from({ length: 2 * count }, () => 3 * random.normal());
    const slope = new Float64Array(2 * count);
    const numeric = numericGradient(() => divergence(p, points), points);
    const forces = new Forces(p, count);
    forces.gradient(points, 1, slope);
    expect(relativeError(slope, numeric)).toBeLessThan(1e-5);
    // Exaggeration adds to the attraction alone.
    const [doubled, none] = [2, 0].map((exaggeration) => {
      const to = new Float64Array(2 * count);
      forces.gradient(points, exaggeration, to);
      return to;
    });
    expect(
      relativeError(
        doubled,
        slope.map((s, k) => 2 * s - none[k]),
      ),
    ).toBeLessThan(1e-5);
  });

  it.each([
    ['apart', 0],
    ['on a line', 1],
    ['in one place', 2],
  ])('draws clusters apart that start %s', (_name, start) => {
    // Three far clusters of 20 in 10 dimensions.
    const clusters = cloud(60, Array(10).fill(1));
    for (let i = 0; i < 60; i++) clusters.values[i * 10 + (i % 3)] += 30;
    const all = squaresOf(clusters);
    const begin = Float64Array.from({ length: 120 }, (_, i) =>
      start === 0 || (start === 1 && i % 2 === 0) ? clusters.values[(i >> 1) * 10 + (i % 2)] : 0,
    );
    const { points, divergence: left } = tsne(all, begin, 15, nothing, nothing);
    expect(points.every(Number.isFinite)).toBe(true);
    expect(left).toBeLessThan(0.5);
    for (let i = 0; i < 60; i++) {
      const near = Array.from({ length: 60 }, (_, j) => j)
        .filter((j) => j !== i)
        .sort((a, b) => apart(points, i, a) - apart(points, i, b));
      expect(near.slice(0, 10).every((j) => j % 3 === i % 3)).toBe(true);
    }
  });
});

function apart(points: Float64Array, i: number, j: number): number {
  return (points[2 * i] - points[2 * j]) ** 2 + (points[2 * i + 1] - points[2 * j + 1]) ** 2;
}

describe('an embedding', () => {
  const dataset = dataOf({ shape: [6], rows: 320, validation: 20 });
  const { explorer, reference } = explorerOf({
    layers: [{ dense: 8 }, 'tanh', { dense: 3 }],
    dataset,
  });

  it.each(['pca', 'tsne'] as const)('by %s shows some examples, always the same', (method) => {
    const query = { type: 'embedding', part: 'train', layer: 1, method, examples: 100 } as const;
    const shares: number[] = [];
    const found = explorer.answer(query, (share) => shares.push(share));
    expect(explorer.answer(query)).toEqual(found);
    expect(found.points).toHaveLength(200);
    expect([...found.indices]).toEqual([...new Set(found.indices)].toSorted((a, b) => a - b));
    expect([...found.labels]).toEqual(
      Array.from(found.indices, (i) => dataset.train.store.labels![i]),
    );
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(found.explained === null).toBe(method === 'tsne');
  });

  it('takes the values of the layer', () => {
    const query = { part: 'validation', layer: 1, method: 'pca', examples: 2000 } as const;
    const found = explorer.answer({ type: 'embedding', ...query });
    expect(found.points).toHaveLength(40);
    const y = reference(dataset.train.store.inputs.subarray(300 * 6), 2).values;
    const means = Array.from({ length: 8 }, (_, k) => {
      const own = y.filter((_value, i) => i % 8 === k);
      return own.reduce((a, b) => a + b) / 20;
    });
    const values = Float32Array.from(y, (value, i) => value - means[i % 8]);
    const { points } = principalComponents({ values, count: 20, width: 8 }, nothing, nothing);
    expect(relativeError(found.points, points)).toBeLessThan(1e-4);
  });
});
