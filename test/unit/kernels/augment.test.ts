import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';
import { allocateArena } from '../../../core/training/arena.ts';

it('kernels bring no data of their own, which would be written over the arena', () => {
  const arena = allocateArena(1 << 16);
  const bytes = new Uint8Array(arena.buffer).fill(7);
  for (const variant of ['simd', 'relaxed-simd'] as const) instantiateKernels(arena, variant);
  expect(bytes.every((byte) => byte === 7)).toBe(true);
});

const memory = allocateArena(1 << 20);
const [FROM, TO, WORK] = [1024, 300_000, 600_000];

describe.each(['simd', 'relaxed-simd'] as const)('augmentation, %s', (variant) => {
  const kernels = instantiateKernels(memory, variant);
  const view = (offset: number, length: number) => new Float32Array(memory.buffer, offset, length);
  /** What is at TO after the call; the image is at both places before. */
  function changed(image: ArrayLike<number>, call: () => void): number[] {
    view(FROM, image.length).set(image);
    view(TO, image.length).set(image);
    call();
    return [...view(TO, image.length)];
  }

  const images = fc
    .record({
      height: fc.integer({ min: 1, max: 6 }),
      width: fc.integer({ min: 1, max: 6 }),
      channels: fc.integer({ min: 1, max: 4 }),
    })
    .chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        image: fc.array(fc.integer({ min: 0, max: 255 }), {
          minLength: shape.height * shape.width * shape.channels,
          maxLength: shape.height * shape.width * shape.channels,
        }),
      }),
    );

  it('shifts: each pixel comes from where it was, black from outside', () =>
    fc.assert(
      fc.property(
        images,
        fc.integer({ min: -7, max: 7 }),
        fc.integer({ min: -7, max: 7 }),
        ({ shape: { height, width, channels }, image }, down, right) => {
          const clamped = [
            Math.max(-height, Math.min(height, down)),
            Math.max(-width, Math.min(width, right)),
          ] as const;
          const found = changed(image, () =>
            kernels.shiftImage(height, width, channels, ...clamped, -1, FROM, TO),
          );
          const expected = image.map((_, i) => {
            const pixel = Math.floor(i / channels);
            const y = Math.floor(pixel / width) - clamped[0];
            const x = (pixel % width) - clamped[1];
            const within = y >= 0 && y < height && x >= 0 && x < width;
            return within ? image[(y * width + x) * channels + (i % channels)] : -1;
          });
          expect(found).toEqual(expected);
        },
      ),
    ));

  it.each([
    ['horizontally', 1, [3, 4, 1, 2, 7, 8, 5, 6]],
    ['vertically', 0, [5, 6, 7, 8, 1, 2, 3, 4]],
  ] as const)('flips %s', (_, columns, expected) => {
    const image = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(changed(image, () => kernels.flipImage(2, 2, 2, columns, FROM, TO))).toEqual(expected);
  });

  it('turns by nothing, by a quarter clockwise, and back', () => {
    const image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const turned = (angle: number) =>
      changed(image, () => kernels.rotateImage(3, 3, 1, angle, 0, FROM, TO));
    expect(turned(0)).toEqual(image);
    const near = (values: number[]) => values.map((x) => expect.closeTo(x, 4));
    expect(turned(Math.PI / 2)).toEqual(near([7, 4, 1, 8, 5, 2, 9, 6, 3]));
    expect(turned(-Math.PI / 2)).toEqual(near([3, 6, 9, 2, 5, 8, 1, 4, 7]));
    expect(turned(Math.PI)).toEqual(near(image.toReversed()));
  });

  it('turns with interpolation, and black from outside', () => {
    const image = new Array<number>(49).fill(100);
    const found = changed(image, () => kernels.rotateImage(7, 7, 1, Math.PI / 4, 0, FROM, TO));
    // The corners come from outside, the middle does not.
    expect([found[0], found[6], found[42], found[48]]).toEqual([0, 0, 0, 0]);
    expect(found[24]).toBeCloseTo(100, 3);
    for (const value of found) expect(value >= 0 && value <= 100.001).toBe(true);
    // A ramp from left to right stays a ramp along the turned axis.
    const ramp = Array.from({ length: 49 }, (_, i) => i % 7);
    const turned = changed(ramp, () => kernels.rotateImage(7, 7, 1, 0.3, 0, FROM, TO));
    const at = (y: number, x: number) => turned[y * 7 + x];
    expect(at(3, 4) - at(3, 3)).toBeCloseTo(Math.cos(0.3), 4);
    expect(at(4, 3) - at(3, 3)).toBeCloseTo(Math.sin(0.3), 4);
  });

  const clip = (x: number) => Math.min(255, Math.max(0, x));
  it('jitters colors as the formulas say', () =>
    fc.assert(
      fc.property(
        images,
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        ({ shape: { height, width, channels }, image }, brightness, contrast, saturation) => {
          const pixels = height * width;
          const s = channels === 3 ? saturation : 1;
          const gray = (values: number[], pixel: number) => {
            const own = values.slice(pixel * channels, (pixel + 1) * channels);
            return channels === 3
              ? 0.299 * own[0] + 0.587 * own[1] + 0.114 * own[2]
              : own.reduce((sum, x) => sum + x, 0) / channels;
          };
          const bright = image.map((x) => clip(x * brightness));
          const grays = Array.from({ length: pixels }, (_, i) => gray(bright, i));
          const mean = grays.reduce((sum, x) => sum + x, 0) / pixels;
          const contrasted = bright.map((x) => clip(mean + contrast * (x - mean)));
          const expected = contrasted.map((x, i) => {
            const own = gray(contrasted, Math.floor(i / channels));
            return s === 1 ? x : clip(own + s * (x - own));
          });
          const found = changed(image, () =>
            kernels.jitterColors(pixels, channels, brightness, contrast, s, 0, 255, TO),
          );
          for (const [i, x] of found.entries())
            expect(Math.abs(x - expected[i])).toBeLessThan(0.01);
        },
      ),
    ));

  it.each([
    ['within', 1, 1, 2, [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0]],
    ['at a corner', -1, -1, 2, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['over the edge', 2, 3, 3, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    ['over all', -1, -1, 9, new Array<number>(12).fill(1)],
  ])('cuts out a square %s', (_, top, left, side, black) => {
    const image = Array.from({ length: 24 }, (_, i) => i + 1);
    const found = changed(image, () => kernels.cutOut(3, 4, 2, top, left, side, 0, TO));
    expect(found).toEqual(image.map((x, i) => (black[i >> 1] === 1 ? 0 : x)));
  });

  describe('noise', () => {
    const noise = (count: number, block = 0, step = 0, std = 1) =>
      changed(new Float32Array(count), () =>
        kernels.addNoise(count, std, -1e9, 1e9, block, 7, step, 0, 1, 2, TO, WORK),
      );

    it('is normal: four moments, tails, no correlation of neighbours', () => {
      const n = 60_000;
      const values = noise(n);
      const mean = (power: number) => values.reduce((sum, x) => sum + x ** power, 0) / n;
      // Within four standard errors.
      const error = 4 / Math.sqrt(n);
      expect(Math.abs(mean(1))).toBeLessThan(error);
      expect(Math.abs(mean(2) - 1)).toBeLessThan(error * Math.sqrt(2));
      expect(Math.abs(mean(3))).toBeLessThan(error * Math.sqrt(15));
      expect(Math.abs(mean(4) - 3)).toBeLessThan(error * Math.sqrt(96));
      for (const [least, share] of [
        [1, 0.3173],
        [2, 0.0455],
        [3, 0.0027],
      ]) {
        const beyond = values.filter((x) => Math.abs(x) > least).length / n;
        expect(Math.abs(beyond - share)).toBeLessThan(error * Math.sqrt(share));
      }
      for (const distance of [1, 4, 8]) {
        let product = 0;
        for (let i = distance; i < n; i++) product += values[i] * values[i - distance];
        expect(Math.abs(product / n)).toBeLessThan(error);
      }
    });

    it('is that of its place in the stream, however many are asked for', () => {
      const all = noise(64);
      expect(noise(21)).toEqual(all.slice(0, 21));
      expect(noise(16, 8)).toEqual(all.slice(32, 48));
      expect(noise(64, 0, 1)).not.toEqual(all);
    });

    it('has the standard deviation that is asked for, and keeps within the range', () => {
      const one = noise(64);
      expect(noise(64, 0, 0, 3)).toEqual(one.map((x) => expect.closeTo(3 * x, 5)));
      const kept = changed(new Float32Array(64), () =>
        kernels.addNoise(64, 1, -0.5, 0.5, 0, 7, 0, 0, 1, 2, TO, WORK),
      );
      expect(kept).toEqual(one.map((x) => Math.max(-0.5, Math.min(0.5, x))));
    });
  });
});
