import { describe, expect, it } from 'vitest';
import { philox4x32, RandomStream } from '../../../core/data/random.ts';

describe('philox4x32-10', () => {
  // Known-answer vectors of Random123 (kat_vectors).
  it.each([
    [
      '00000000 00000000 00000000 00000000',
      '00000000 00000000',
      '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
    ],
    [
      'ffffffff ffffffff ffffffff ffffffff',
      'ffffffff ffffffff',
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      '243f6a88 85a308d3 13198a2e 03707344',
      'a4093822 299f31d0',
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('counter %s, key %s', (counter, key, expected) => {
    const words = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));
    const [key0, key1] = words(key);
    const out = new Uint32Array(4);
    philox4x32(Uint32Array.from(words(counter)), key0!, key1!, out);
    expect([...out]).toEqual(words(expected));
  });
});

describe('RandomStream', () => {
  const draw = (stream: RandomStream, n = 8) => Array.from({ length: n }, () => stream.uint32());

  it('repeats itself for the same seed, purpose and step', () => {
    expect(draw(new RandomStream(7, 'shuffle', 3))).toEqual(
      draw(new RandomStream(7, 'shuffle', 3)),
    );
  });

  it.each([
    ['another seed', new RandomStream(8, 'shuffle', 3)],
    ['a seed that differs above 32 bits', new RandomStream(7 + 2 ** 32, 'shuffle', 3)],
    ['a negative seed', new RandomStream(-7, 'shuffle', 3)],
    ['another purpose', new RandomStream(7, 'init', 3)],
    ['another step', new RandomStream(7, 'shuffle', 4)],
    ['a step that differs above 32 bits', new RandomStream(7, 'shuffle', 3 + 2 ** 32)],
  ])('is another stream for %s', (_, stream) => {
    const other = draw(stream);
    for (const word of draw(new RandomStream(7, 'shuffle', 3))) expect(other).not.toContain(word);
  });

  it('draws uniform numbers: mean, variance, all within [0, 1)', () => {
    const stream = new RandomStream(1, 'test');
    const n = 200_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = stream.uniform();
      if (x < 0 || x >= 1) throw new Error(`${x} is outside [0, 1)`);
      sum += x;
      squares += x * x;
    }
    expect(sum / n).toBeCloseTo(0.5, 2);
    expect(squares / n - (sum / n) ** 2).toBeCloseTo(1 / 12, 3);
  });

  it('draws normal numbers: four moments and no correlation of neighbours', () => {
    const n = 400_000;
    const values = new Float32Array(n);
    new RandomStream(1, 'test').fillNormal(values, 2);
    const moment = (power: number) => values.reduce((sum, x) => sum + (x / 2) ** power, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    let neighbours = 0;
    for (let i = 1; i < n; i++) neighbours += (values[i]! * values[i - 1]!) / 4;
    expect(Math.abs(neighbours / n)).toBeLessThan(5 / Math.sqrt(n));
  });

  it.each([1, 2, 6, 7, 1000, 3 * 2 ** 30, 2 ** 32])('draws integers below %d without bias', (n) => {
    const stream = new RandomStream(2, 'test');
    const buckets = Math.min(n, 6);
    const counts = new Array<number>(buckets).fill(0);
    const draws = 60_000;
    for (let i = 0; i < draws; i++) counts[Math.floor((stream.integer(n) / n) * buckets)]!++;
    const expected = draws / buckets;
    // Buckets of n = 7 and 1000 differ in size by design; the bound holds for whole buckets only.
    const even = n % buckets === 0;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    if (even) expect(chiSquare).toBeLessThan(25);
    else expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('shuffles into every order equally often', () => {
    const stream = new RandomStream(3, 'test');
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const values = Uint32Array.of(0, 1, 2, 3);
      stream.shuffle(values);
      const order = values.join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, c) => sum + (c - 500) ** 2 / 500, 0);
    expect(chiSquare).toBeLessThan(60);
  });
});
