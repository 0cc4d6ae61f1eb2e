import { truncateSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

function idx(type: number, sizes: number[], elements: Uint8Array | number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header[2] = type;
  header[3] = sizes.length;
  sizes.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, Uint8Array.from(elements)]);
}

const images = idx(8, [3, 1, 2], [0, 255, 1, 254, 2, 253]);
const labels = idx(8, [3], [7, 3, 7]);
const imageName = 'train-images-idx3-ubyte';
const labelName = 'train-labels-idx1-ubyte';

/** Every case gets names of its own, so that no file of another is beside it. */
let cases = 0;
function write(imageBytes: Uint8Array, labelBytes: Uint8Array | null, zipped = ''): string {
  const prefix = `${++cases}-`;
  if (labelBytes) folder.write(`${prefix}${labelName}${zipped}`, labelBytes);
  return folder.write(`${prefix}${imageName}${zipped}`, imageBytes);
}

it.each([
  ['plain', '', images, labels],
  ['zipped', '.gz', gzipSync(images), gzipSync(labels)],
  ['zipped without saying so', '', gzipSync(images), gzipSync(labels)],
])('reads %s files, finds their labels, and keeps bytes', async (_, zipped, image, label) => {
  const { train, shape, classes } = await folder.load({ source: write(image, label, zipped) });
  expect(train.store.inputs).toEqual(Uint8Array.of(0, 255, 1, 254, 2, 253));
  expect(train.store.labels).toEqual(Int32Array.of(1, 0, 1));
  expect({ shape, classes }).toEqual({ shape: [1, 2, 1], classes: ['3', '7'] });
});

it('finds zipped labels beside plain images, and labels that are named', async () => {
  const source = write(images, null);
  folder.write(source.replace(imageName, `${labelName}.gz`), gzipSync(labels));
  expect((await folder.load({ source })).outputs).toBe(2);
  folder.write('other', idx(8, [3], [1, 2, 3]));
  expect((await folder.load({ source, labels: 'other' })).outputs).toBe(3);
});

const view = (bytes: number, write: (view: DataView) => unknown) => {
  const buffer = new DataView(new ArrayBuffer(bytes));
  write(buffer);
  return new Uint8Array(buffer.buffer);
};
it.each([
  ['signed bytes', 9, view(2, (v) => [v.setInt8(0, -3), v.setInt8(1, 5)]), [-3, 5]],
  ['shorts', 11, view(4, (v) => [v.setInt16(0, -300), v.setInt16(2, 500)]), [-300, 500]],
  ['ints', 12, view(8, (v) => [v.setInt32(0, -70000), v.setInt32(4, 5)]), [-70000, 5]],
  [
    'floats',
    13,
    view(8, (v) => [v.setFloat32(0, -0.5), v.setFloat32(4, Infinity)]),
    [-0.5, Infinity],
  ],
  [
    'doubles',
    14,
    view(16, (v) => [v.setFloat64(0, 1e-3), v.setFloat64(8, 2)]),
    [Math.fround(1e-3), 2],
  ],
])('reads %s', async (_, type, bytes, expected) => {
  const source = write(idx(type, [2, 1], bytes), idx(8, [2], [0, 1]));
  const { train, shape } = await folder.load({ source });
  expect([...train.store.inputs]).toEqual(expected);
  expect(shape).toEqual([1]);
});

it('reads targets of any type for regression', async () => {
  const targets = view(16, (v) => [0.5, -1, 2, 3].map((x, i) => v.setFloat32(4 * i, x)));
  const source = write(idx(8, [2, 2], [1, 2, 3, 4]), idx(13, [2, 2], targets));
  const { train, outputs } = await folder.load({ source, task: 'regression' });
  expect([...train.store.targets!]).toEqual([0.5, -1, 2, 3]);
  expect(outputs).toBe(2);
});

it('reads only the first examples, but takes the classes from the whole file', async () => {
  const source = write(idx(8, [4, 1], [10, 20, 30, 40]), idx(8, [4], [0, 1, 1, 2]));
  const { train, classes } = await folder.load({ source, limit: 3, validation: 0.3 });
  expect(train.store.inputs).toEqual(Uint8Array.of(10, 20, 30));
  expect(train.store.labels).toEqual(Int32Array.of(0, 1, 1));
  expect(classes).toEqual(['0', '1', '2']);
});

describe('bad files', () => {
  const huge = idx(8, [4_000_000_000, 4, 4], [0]);
  const zipped = gzipSync(Buffer.concat([images, Buffer.alloc(5000, 7)]));
  it.each([
    ['empty', Buffer.alloc(0), /truncated: expected 4 bytes .*found 0 bytes/],
    ['cut within the header', images.subarray(0, 9), /expected 16 bytes .*found 9 bytes/],
    ['truncated', images.subarray(0, -2), /header promises 22 bytes, but the file has 20/],
    [
      'truncated within',
      gzipSync(images.subarray(0, -2)),
      /expected 22 bytes \(a header and 3 × 1 × 2 unsigned bytes\), found 20 bytes/,
    ],
    ['too long', Buffer.concat([images, Buffer.alloc(1)]), /expected 22 bytes .*found 23 bytes/],
    ['of absurd size', huge, /header promises 64,000,000,016 bytes, but the file has 17/],
    ['of absurd size, zipped', gzipSync(huge), /but the file has \d+ \(zipped\)/],
    ['another format', Buffer.from('PK\x03\x04...'), /not an IDX file.*begins with 50 4b 03 04/],
    ['of an unknown type', idx(10, [1], [1]), /not an IDX file.*begins with 00 00 0a 01/],
    ['without examples', idx(8, [0, 2], []), /is empty: its header says 0 × 2/],
    ['labels', labels, /Is it the labels' file/],
    ['a damaged gzip file', zipped.fill(0x55, 20, 30), /is not a whole gzip file/],
    ['a cut gzip file', gzipSync(images).subarray(0, -9), /is not a whole gzip file/],
  ])('refuses one that is %s', async (_, bytes, message) => {
    const error = await folder.refusal({ source: write(bytes, labels) });
    expect(error.message).toMatch(message);
    expect(error.place.path).toEqual(['data', 'source']);
  });

  it.each([
    ['too few', idx(8, [2], [0, 1]), /has 3 examples, but .* has 2 labels/],
    ['with two values each', idx(8, [3, 2], [0, 1, 0, 1, 0, 1]), /does not hold class numbers/],
    [
      'with fractions',
      idx(
        13,
        [3],
        view(12, (v) => v.setFloat32(0, 0.5)),
      ),
      /not hold class numbers/,
    ],
    ['of one class', idx(8, [3], [4, 4, 4]), /have the class "4"/],
  ])('refuses labels %s', async (_, bytes, message) => {
    expect((await folder.refusal({ source: write(images, bytes) })).message).toMatch(message);
  });

  it('refuses one of more than 4 GiB before it takes the memory', async () => {
    const source = write(idx(8, [70_000, 250, 250], []), labels);
    // Sparse: it takes no room on the disk.
    truncateSync(folder.path(source), 16 + 70_000 * 250 * 250);
    expect((await folder.refusal({ source })).message).toMatch(/would take 4.1 GiB of memory/);
  });

  it('says which labels it looked for', async () => {
    const error = await folder.refusal({ source: write(images, null) });
    expect(error.message).toMatch(/"\d+-train-labels-idx1-ubyte" is not beside it.*`labels`/);
    folder.write('plain.idx', images);
    expect((await folder.refusal({ source: 'plain.idx' })).message).toMatch(/Name their file with/);
  });
});
