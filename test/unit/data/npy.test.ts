import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

/** The file that NumPy's save writes. */
function npy(descr: string, sizes: number[], elements: Uint8Array, order = 'False'): Buffer {
  const shape = `(${sizes.join(', ')}${sizes.length === 1 ? ',' : ''})`;
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(117)}\n`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), elements]);
}

const bytes = (sizes: number[], values: number[]) => npy('|u1', sizes, Uint8Array.from(values));
const floats = (sizes: number[], values: number[], order?: string) =>
  npy('<f4', sizes, new Uint8Array(Float32Array.from(values).buffer), order);
const labels = npy('<i8', [3], new Uint8Array(BigInt64Array.of(7n, -3n, 7n).buffer));

describe('npy', () => {
  it('keeps bytes, takes an image for an image, and finds the classes', async () => {
    const { train, shape, classes } = await folder.load({
      source: folder.write('x.npy', bytes([3, 1, 2], [0, 255, 1, 254, 2, 253])),
      labels: folder.write('y.npy', labels),
    });
    expect(train.store.inputs).toEqual(Uint8Array.of(0, 255, 1, 254, 2, 253));
    expect([...train.store.labels!]).toEqual([1, 0, 1]);
    expect({ shape, classes }).toEqual({ shape: [1, 2, 1], classes: ['-3', '7'] });
  });

  const element = (size: number, write: (view: DataView) => void) => {
    const view = new DataView(new ArrayBuffer(size));
    write(view);
    return new Uint8Array(view.buffer);
  };
  it.each([
    ['|b1', element(1, (v) => v.setUint8(0, 1)), 1],
    ['|i1', element(1, (v) => v.setInt8(0, -3)), -3],
    ['<u2', element(2, (v) => v.setUint16(0, 65534, true)), 65534],
    ['>u2', element(2, (v) => v.setUint16(0, 65534)), 65534],
    ['<i2', element(2, (v) => v.setInt16(0, -300, true)), -300],
    ['<u4', element(4, (v) => v.setUint32(0, 3e9, true)), 3e9],
    ['>i4', element(4, (v) => v.setInt32(0, -70000)), -70000],
    ['<i8', element(8, (v) => v.setBigInt64(0, -5_000_000_000n, true)), -5e9],
    ['>u8', element(8, (v) => v.setBigUint64(0, 5_000_000_000n)), 5e9],
    ['<f2', element(2, (v) => v.setUint16(0, 0xc500, true)), -5],
    ['>f2', element(2, (v) => v.setUint16(0, 0x3555)), 0.333251953125],
    ['<f2', element(2, (v) => v.setUint16(0, 0x0001, true)), 2 ** -24],
    ['<f2', element(2, (v) => v.setUint16(0, 0xfc00, true)), -Infinity],
    ['<f2', element(2, (v) => v.setUint16(0, 0x7e00, true)), Number.NaN],
    ['>f4', element(4, (v) => v.setFloat32(0, 1.5)), 1.5],
    ['<f8', element(8, (v) => v.setFloat64(0, 0.1, true)), Math.fround(0.1)],
  ])('reads the type %s', async (descr, one, expected) => {
    const twice = Buffer.concat([one, one]);
    const { train } = await folder.load({
      source: folder.write('t.npy', npy(descr, [2, 1], twice)),
      labels: folder.write('ty.npy', bytes([2], [0, 1])),
    });
    expect([...train.store.inputs]).toEqual([Math.fround(expected), Math.fround(expected)]);
  });

  it("reads Fortran's order as the other, also of the first examples", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 2, max: 4 }),
        async (rest, limit) => {
          const sizes = [4, ...rest.slice(1)];
          const count = sizes.reduce((product, size) => product * size, 1);
          const values = Array.from({ length: count }, (_, i) => i);
          // Fortran's place of each element of the usual order.
          const strides = sizes.map((_, axis) =>
            sizes.slice(0, axis).reduce((product, size) => product * size, 1),
          );
          const turned = new Array<number>(count);
          for (const value of values) {
            let rest = value;
            let at = 0;
            for (let axis = sizes.length - 1; axis >= 0; axis--) {
              at += (rest % sizes[axis]!) * strides[axis]!;
              rest = Math.floor(rest / sizes[axis]!);
            }
            turned[at] = value;
          }
          const y = folder.write('fy.npy', bytes([4], [0, 1, 0, 1]));
          const load = (source: string) => folder.load({ source, labels: y, limit });
          const plain = await load(folder.write('c.npy', floats(sizes, values)));
          const fortran = await load(folder.write('f.npy', floats(sizes, turned, 'True')));
          expect(fortran).toEqual(plain);
          expect([...plain.train.store.inputs]).toEqual(values.slice(0, (limit * count) / 4));
        },
      ),
      { numRuns: 40 },
    ));

  it('reads one that is zipped, or named otherwise', async () => {
    folder.write('zy.npy', labels);
    for (const [name, content] of [
      ['z.npy.gz', gzipSync(floats([3, 1], [1, 2, 3]))],
      ['z.data', floats([3, 1], [1, 2, 3])],
    ] as const) {
      const { train } = await folder.load({
        source: folder.write(name, content),
        labels: 'zy.npy',
      });
      expect([...train.store.inputs]).toEqual([1, 2, 3]);
    }
  });

  it('reads several targets for regression', async () => {
    const { train, outputs } = await folder.load({
      source: folder.write('r.npy', floats([2, 1], [1, 2])),
      labels: folder.write('ry.npy', floats([2, 2], [0.5, 1, 1.5, 2])),
      task: 'regression',
    });
    expect(outputs).toBe(2);
    expect([...train.store.targets!]).toEqual([0.5, 1, 1.5, 2]);
  });

  const good = floats([3, 1], [1, 2, 3]);
  it.each([
    [
      'of another kind',
      Buffer.from('not a NumPy file'),
      /should begin with 93 4e.*begins with 6e 6f 74/,
    ],
    ['that is empty', Buffer.alloc(0), /is truncated: expected 8 bytes/],
    ['that ends early', good.subarray(0, -1), /is truncated: its header promises 140 bytes/],
    ['that is too long', Buffer.concat([good, good]), /holds 140 bytes more than its header says/],
    ['of text', npy('<U5', [3, 1], new Uint8Array(60)), /holds text.*np.unique/],
    ['of objects', npy('|O', [3, 1], new Uint8Array(60)), /holds Python objects/],
    ['of complex numbers', npy('<c8', [3, 1], new Uint8Array(24)), /numbers of the type "<c8"/],
    ['of times', npy('<M8[s]', [3, 1], new Uint8Array(24)), /numbers of the type "<M8\[s\]"/],
    [
      'without a shape',
      Buffer.from(good.toString('latin1').replace('shape', 'sharp'), 'latin1'),
      /cannot be read/,
    ],
    ['of nothing', floats([0, 3], []), /is empty: its shape is \(0, 3\)/],
    ['of one number', floats([], [1]), /holds a single number/],
    ['of one dimension', floats([3], [1, 2, 3]), /has one dimension.*Is it the labels' file\?/],
    ['of too many', floats([4, 1], [1, 2, 3, 4]), /has 4 examples, but "by.npy" has 3 labels/],
    [
      'with a huge header',
      Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\x7f', 'latin1'),
      /has a header of 2,147,483,647 bytes/,
    ],
    ['that promises too much', floats([9e9, 9], [1]), /is truncated: its header promises 324,/],
  ])('refuses a file %s', async (_, content, message) => {
    folder.write('by.npy', labels);
    const source = folder.write('bad.npy', content);
    const error = await folder.refusal({ source, labels: 'by.npy', validation: 0.5 });
    expect(error.message).toMatch(message);
    expect(error.place.path?.[0]).toBe('data');
  });

  it.each([
    ['no labels', {}, /where are their labels\? Name their file with `labels`/, 'source'],
    ['labels that are fractions', { labels: 'half.npy' }, /does not hold class numbers/, 'labels'],
    ['labels that are absent', { labels: 'gone.npy' }, /There is no file "gone.npy"/, 'labels'],
    ['a label column', { label: 'kind' }, /"label" is the column of a CSV file.*is npy/, 'label'],
  ])('refuses %s', async (_, more, message, key) => {
    folder.write('half.npy', floats([3], [0, 0.5, 1]));
    const source = folder.write('alone.npy', good);
    const error = await folder.refusal({ source, validation: 0.5, ...more });
    expect(error.message).toMatch(message);
    expect(error.place.path).toEqual(['data', key]);
  });
});

describe('npz', () => {
  const x = bytes([3, 2], [1, 2, 3, 4, 5, 6]);
  const archive = (files: { [name: string]: Uint8Array }, level: 0 | 6 = 6) =>
    zipSync(files, { level });

  it.each([
    ['x', 'y', 6],
    ['X', 'Y', 0],
    ['images', 'labels', 6],
    ['data', 'target', 6],
    ['x_train', 'y_train', 0],
  ] as const)('finds %s and %s', async (first, second, level) => {
    const files = { 'other.npy': good, [`${first}.npy`]: x, [`${second}.npy`]: labels };
    const source = folder.write('a.npz', archive(files, level));
    const { train, classes } = await folder.load({ source });
    expect(train.store.inputs).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(classes).toEqual(['-3', '7']);
  });

  it('validates on the arrays that are held out', async () => {
    const files = {
      'x_train.npy': x,
      'y_train.npy': labels,
      'x_test.npy': bytes([1, 2], [8, 9]),
      'y_test.npy': bytes([1], [7]),
    };
    const source = folder.write('mnist.npz', archive(files));
    const { train, validation } = await folder.load({ source });
    expect(train.store.count).toBe(3);
    expect([...validation!.store.inputs]).toEqual([8, 9]);
    expect([...validation!.store.labels!]).toEqual([1]);
  });

  const good = archive({ 'x.npy': x, 'y.npy': labels });
  it.each([
    ['no archive', Buffer.from('PK\x03\x04 and nothing else'), /is not a whole npz file/],
    ['half an archive', good.subarray(0, good.length / 2), /is not a whole npz file/],
    ['other arrays', archive({ 'a.npy': x, 'b.npy': x }), /holds the arrays "a", "b"; .* x and y/],
    ['no arrays', archive({ 'a.txt': x }), /holds no arrays/],
    [
      'a broken array',
      archive({ 'x.npy': x.subarray(0, 20), 'y.npy': labels }),
      /"bad.npz\/x.npy" is truncated/,
    ],
    [
      'unequal arrays',
      archive({ 'x.npy': x, 'y.npy': bytes([2], [1, 2]) }),
      /has 3 examples, but "bad.npz\/y.npy" has 2 labels/,
    ],
  ])('refuses %s', async (_, content, message) => {
    const error = await folder.refusal({ source: folder.write('bad.npz', content) });
    expect(error.message).toMatch(message);
    expect(error.place.path).toEqual(['data', 'source']);
  });

  it('refuses a member that would be unzipped into much more than the file', async () => {
    const bomb = archive({ 'x.npy': x, 'y.npy': labels });
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    // The uncompressed size in the central directory's first entry.
    const entry = Buffer.from(bomb).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    view.setUint32(entry + 24, 4e9, true);
    const error = await folder.refusal({ source: folder.write('bomb.npz', bomb) });
    expect(error.message).toMatch(/promises 4,000,000,000 bytes/);
  });
});
