import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Filters } from '../../../../core/inspection/filters/filters.ts';
import {
  firstLayerSmoothness,
  layerSmoothness,
  smoothnessOf,
  VERDICTS,
} from '../../../../core/inspection/filters/smoothness.ts';
import { digitsFolder, onlyLog, trainscope } from '../../cli/cli.ts';
import { images, noise } from './images.ts';

const wave = (length: number) => (_i: number, _y: number, x: number) =>
  Math.cos((2 * Math.PI * x) / length);

describe('how much neighbours agree', () => {
  test.each<[string, Filters, number]>([
    ['constant', images(1, [5, 7, 3], () => -2), 1],
    ['a chessboard', images(1, [6, 6, 1], (_i, y, x) => (-1) ** (x + y)), -1],
    ['stripes of one pixel', images(1, [8, 8, 1], (_i, _y, x) => (-1) ** x), 0],
    ['channels of their own', images(1, [5, 5, 3], (_i, _y, _x, channel) => channel - 1), 1],
    // One pair across, [1, 3]: 1 − 4 / 10; one pair down.
    ['two pixels in a row', images(1, [1, 2, 1], (_i, _y, x) => 1 + 2 * x), 0.6],
    ['two pixels in a column', images(1, [2, 1, 1], (_i, y) => 1 + 2 * y), 0.6],
    // Its two pairs with NaN do not count.
    ['a hole', images(1, [1, 4, 1], (_i, _y, x) => [1, 3, Number.NaN, 1].at(x)!), 0.6],
  ])('%s', (_, image, expected) => {
    expect(smoothnessOf(image, 0)).toBeCloseTo(expected, 6);
  });

  test.each([[4], [8], [16]])('a wave of %d pixels: ½ + ½ cos 2π/λ', (length) => {
    const expected = 0.5 + 0.5 * Math.cos((2 * Math.PI) / length);
    expect(smoothnessOf(images(1, [64, 64, 1], wave(length)), 0)).toBeCloseTo(expected, 1);
  });

  test.each([
    ['all 0', 0],
    ['all NaN', Number.NaN],
    ['all infinite', Number.POSITIVE_INFINITY],
  ])('nothing to tell: %s', (_, value) => {
    expect(
      smoothnessOf(
        images(1, [5, 5, 1], () => value),
        0,
      ),
    ).toBeNaN();
  });

  test('lies within −1 … 1, and does not know the size or the sign of the weights', () => {
    const finite = fc.float({ min: -100, max: 100, noNaN: true });
    const pixels = fc.array(finite, { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(pixels, fc.constantFrom(-1, 0.125, 64), (values, factor) => {
        const image = (by: number) => images(1, [3, 4, 1], (_i, y, x) => values[4 * y + x]! * by);
        const value = smoothnessOf(image(1), 0);
        if (Number.isNaN(value)) return;
        expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12);
        // not where squares vanish
        if (values.every((v) => v === 0 || Math.abs(v) > 1e-6))
          expect(smoothnessOf(image(factor), 0)).toBeCloseTo(value, 5);
      }),
    );
  });
});

describe('the verdict on a layer', () => {
  const random = noise(1);
  /** A wave of 16 pixels, and noise with this share of the squares. */
  const mixed = (share: number) =>
    images(20, [16, 16, 1], (i, y, x) => {
      const smooth = Math.SQRT2 * wave(16)(i, y, x + 3 * i);
      return Math.sqrt(1 - share) * smooth + Math.sqrt(share) * random();
    });

  test.each<[string, Filters, number, string]>([
    ['white noise', images(100, [8, 8, 1], random), 0, 'noisy'],
    ['white noise in color', images(50, [32, 32, 3], random), 0, 'noisy'],
    ['white noise of little kernels', images(32, [5, 5, 3], random), 0, 'noisy'],
    [
      'gratings',
      images(16, [12, 12, 1], (i, y, x) => Math.cos(x * 0.5 + y * 0.3 + i)),
      0.92,
      'smooth',
    ],
    ['a fifth noise', mixed(0.2), 0.77, 'smooth'],
    ['two thirds noise', mixed(2 / 3), 0.32, 'structured'],
    ['nine tenths noise', mixed(0.9), 0.1, 'noisy'],
  ])('%s', (_, filters, expected, verdict) => {
    const found = layerSmoothness(filters, 100);
    expect(Math.abs(found.value - expected)).toBeLessThan(0.04);
    expect(found.verdict).toBe(verdict);
    const [, told] = /agree by (\S+) /.exec(found.explanation)!;
    expect(Number(told)).toBeCloseTo(found.value, 2);
    expect(told).not.toBe('-0.00');
    expect(found.explanation).toContain(VERDICTS.find((row) => row.verdict === verdict)!.meaning);
  });

  test('a filter weighs as much as its squares: dead ones do not hide the others', () => {
    const filters = images(50, [8, 8, 1], (i, y, x) =>
      i < 5 ? wave(16)(i, y, x) : 1e-4 * random(),
    );
    expect(layerSmoothness(filters, 9).verdict).toBe('smooth');
  });

  test.each<[string, Filters, number, RegExp]>([
    ['before training', images(100, [8, 8, 1], random), 0, /agree by .*before training/],
    ['kernels of 3 × 3', images(64, [3, 3, 3], random), 9, /3 × 3 are too small/],
    ['one unit', images(1, [8, 8, 1], random), 9, /too few weights/],
    ['all 0', images(9, [8, 8, 1], () => 0), 9, /^All weights are 0/],
    ['all NaN', images(9, [8, 8, 1], () => Number.NaN), 9, /^No weight is a finite number/],
  ])('none: %s', (_, filters, step, explanation) => {
    const found = layerSmoothness(filters, step);
    expect(found.verdict).toBeNull();
    expect(found.explanation).toMatch(explanation);
  });

  test('thresholds descend and leave no gap', () => {
    const bounds = VERDICTS.map(({ least }) => least);
    expect(bounds).toEqual(bounds.toSorted((a, b) => b - a));
    expect(bounds.at(-1)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('the digits, trained', () => {
  /** Smoothness of the first layer before and after. */
  async function trained(...settings: string[]) {
    const folder = await digitsFolder();
    const set = settings.flatMap((setting) => ['--set', setting]);
    const { code, stderr } = await trainscope(
      folder,
      'train',
      'digits.train.yaml',
      '--json',
      ...set,
    );
    expect(code, stderr).toBe(0);
    const log = await onlyLog(folder);
    const plan = log.find((event) => event.type === 'started')!.plan;
    const moments = log
      .filter((event) => event.type === 'weights')
      .flatMap((event) => firstLayerSmoothness(plan, event) ?? []);
    expect(moments).toHaveLength(
      new Set(log.flatMap((e) => (e.type === 'weights' ? e.step : []))).size,
    );
    return [moments[0]!, moments.at(-1)!];
  }

  test('little regularization leaves the noise they started with', async () => {
    const [before, after] = await trained('training.epochs=10', 'regularization.l2=0');
    expect(Math.abs(before!.value)).toBeLessThan(0.05);
    expect(before!.verdict).toBeNull();
    expect(after!.verdict).toBe('noisy');
  });

  test('much of it makes them smoother', async () => {
    const [, after] = await trained('training.epochs=20', 'regularization.l2=1e-2');
    expect(after!.verdict).toBe('structured');
    expect(after!.value).toBeGreaterThan(0.3);
  });
});
