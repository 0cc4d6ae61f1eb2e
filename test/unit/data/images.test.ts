import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../core/data/images/decode.ts';
import { resize, toChannels } from '../../../core/data/images/resample.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

type Png = Parameters<typeof encodePng>[0];
const png = (width: number, height: number, data: number[], more: Partial<Png> = {}) =>
  encodePng({
    width,
    height,
    data: more.depth === 16 ? Uint16Array.from(data) : Uint8Array.from(data),
    channels: data.length / width / height,
    ...more,
  });

/** Of one color, RGBA: JPEG keeps it but for rounding. */
const photo = (width: number, height: number, color: number[]) => {
  const data = Buffer.from(Array.from({ length: width * height }, () => [...color, 255]).flat());
  return jpeg.encode({ width, height, data }, 100).data;
};

// Written by Java's ImageIO: 3 × 2 pixels of 1 bit; 2 × 2 of a palette; 4 × 2 grays; progressive.
const ONE_BIT = [
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAQAAAAC1D1u3AAAADElEQVR4XmNYwOAAAAIkAOGKLq5DAAAAAElFTkSu',
  'QmCC',
].join('');
const PALETTE = [
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAgMAAAAP2OW3AAAADFBMVEX/AAAA/wAAAP8AAAD7vkbkAAAADElEQVR4',
  'XmMQYCoAAACoAIPM3gIOAAAAAElFTkSuQmCC',
].join('');
const GRAY_JPEG = [
  '/9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIs',
  'IxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAACAAQBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcI',
  'CQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcY',
  'GRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj',
  'pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AMOv',
  '/9k=',
].join('');
const PROGRESSIVE = [
  '/9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4R',
  'DgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU',
  'FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAFAAkDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA',
  'AAP/xAAVAQEBAAAAAAAAAAAAAAAAAAAGB//aAAwDAQACEAMQAAABiA9I/8QAFBABAAAAAAAAAAAAAAAAAAAAEP/a',
  'AAgBAQABBQI//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAwEBPwF//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/a',
  'AAgBAgEBPwF//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQAGPwI//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/a',
  'AAgBAQABPyE//9oADAMBAAIAAwAAABDz/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAwEBPxB//8QAFBEBAAAA',
  'AAAAAAAAAAAAAAAAAP/aAAgBAgEBPxB//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQABPxA//9k=',
].join('');

let folders = 0;
/** A folder with a folder for each class. */
function write(classes: { [name: string]: { [file: string]: Uint8Array } }): string {
  const root = `images ${++folders}`;
  mkdirSync(folder.path(root));
  for (const [name, files] of Object.entries(classes)) {
    mkdirSync(folder.path(path.join(root, name)));
    for (const [file, content] of Object.entries(files)) {
      folder.write(path.join(root, name, file), content);
    }
  }
  return root;
}

describe('an image', () => {
  it.each([
    ['gray', png(2, 1, [7, 200]), 1, [7, 200]],
    ['gray with alpha', png(2, 1, [7, 0, 200, 128]), 1, [7, 200]],
    ['color', png(1, 2, [1, 2, 3, 4, 5, 6]), 3, [1, 2, 3, 4, 5, 6]],
    ['color with alpha', png(1, 1, [1, 2, 3, 9]), 3, [1, 2, 3]],
    ['16 bits', png(2, 1, [0x1234, 0xff00], { depth: 16 }), 1, [0x12, 0xff]],
  ])('PNG, %s', (_, file, channels, pixels) => {
    expect(decodeImage(file)).toMatchObject({ channels, pixels: Uint8Array.from(pixels) });
  });

  it.each([
    ['1 bit', ONE_BIT, { width: 3, height: 2, channels: 1 }, [255, 0, 255, 0, 255, 0]],
    [
      'a palette',
      PALETTE,
      { width: 2, height: 2, channels: 3 },
      [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 0, 0],
    ],
  ])('PNG, %s', (_, file, shape, pixels) => {
    const decoded = decodeImage(Buffer.from(file, 'base64'));
    expect(decoded).toMatchObject(shape);
    expect([...decoded.pixels]).toEqual(pixels);
  });

  it.each([
    ['baseline', photo(9, 5, [200, 100, 50])],
    ['progressive', Buffer.from(PROGRESSIVE, 'base64')],
  ])('JPEG of colors, %s', (_, file) => {
    const { height, width, channels, pixels } = decodeImage(file);
    expect([height, width, channels]).toEqual([5, 9, 3]);
    for (const [i, value] of pixels.entries()) {
      expect(Math.abs(value - [200, 100, 50][i % 3]!)).toBeLessThanOrEqual(2);
    }
  });

  it('JPEG of grays', () => {
    const { height, width, channels, pixels } = decodeImage(Buffer.from(GRAY_JPEG, 'base64'));
    expect([height, width, channels]).toEqual([2, 4, 1]);
    for (const value of pixels) expect(Math.abs(value - 100)).toBeLessThanOrEqual(2);
  });

  it('turns gray by its luma, and colored by repeating', () => {
    const color = {
      height: 1,
      width: 2,
      channels: 3,
      pixels: Uint8Array.of(255, 0, 0, 10, 20, 30),
    };
    const gray = toChannels(color, 1);
    expect([...gray.pixels]).toEqual([76, 18]);
    expect([...toChannels(gray, 3).pixels]).toEqual([76, 76, 76, 18, 18, 18]);
  });

  const line = (pixels: number[]) => ({
    height: 1,
    width: pixels.length,
    channels: 1,
    pixels: Uint8Array.from(pixels),
  });
  it.each([
    ['by half: a triangle of four pixels', [0, 0, 80, 80], 2, [11, 69]],
    ['to twice: in between', [0, 100], 4, [0, 25, 75, 100]],
    ['a single one', [50], 3, [50, 50, 50]],
    ['to one: the mean, for a constant', [9, 9, 9, 9, 9], 1, [9]],
  ])('is resized %s, across and down', (_, pixels, size, expected) => {
    expect([...resize(line(pixels), 1, size).pixels]).toEqual(expected);
    const upright = { ...line(pixels), width: 1, height: pixels.length };
    expect([...resize(upright, size, 1).pixels]).toEqual(expected);
  });
});

describe('a folder of images', () => {
  it('has a class for each folder, which take turns', async () => {
    const source = write({
      cat: { 'b.png': png(1, 1, [2]), 'a.PNG': png(1, 1, [1]), '.DS_Store': Buffer.from('?') },
      ant: { '1.png': png(1, 1, [3]), 'notes.txt': Buffer.from('seen in May') },
    });
    const load = (limit?: number) => folder.load({ source, ...(limit && { limit }) });
    const { train, shape, classes } = await load();
    expect({ shape, classes }).toEqual({ shape: [1, 1, 1], classes: ['ant', 'cat'] });
    expect([...train.store.inputs]).toEqual([3, 1, 2]);
    expect([...train.store.labels!]).toEqual([0, 1, 1]);
    expect([...(await load(2)).train.store.inputs]).toEqual([3, 1]);
  });

  it('is brought to the size and the channels that are wanted', async () => {
    const source = write({
      a: { '1.png': png(2, 2, [0, 0, 0, 0]) },
      b: { '1.jpg': photo(8, 3, [90, 90, 90]) },
    });
    const image = { height: 2, width: 3, channels: 3 };
    const { train, shape } = await folder.load({ source, image });
    expect(shape).toEqual([2, 3, 3]);
    expect(train.store.inputs.subarray(0, 18)).toEqual(new Uint8Array(18));
    for (const value of train.store.inputs.subarray(18)) expect(value).toBeCloseTo(90, -1);
  });

  it('takes gray images among colored ones', async () => {
    const source = write({ a: { '1.png': png(1, 1, [1, 2, 3]) }, b: { '1.png': png(1, 1, [9]) } });
    expect([...(await folder.load({ source })).train.store.inputs]).toEqual([1, 2, 3, 9, 9, 9]);
  });

  it('decodes only the first image where only shapes are wanted', async () => {
    const source = write({
      a: { '1.png': png(1, 1, [7]) },
      b: { '1.png': Buffer.from('nothing') },
    });
    const loaded = await folder.load({ source }, { shapesOnly: true });
    expect(loaded).toMatchObject({ shape: [1, 1, 1], outputs: 2, train: { store: { count: 2 } } });
  });

  it('is told from CIFAR-10 by what it holds, and compared with the training images', async () => {
    const source = write({ a: { '1.png': png(1, 1, [1]) }, b: { '1.png': png(1, 1, [2]) } });
    const wide = write({ a: { '1.png': png(2, 1, [1, 2]) } });
    const error = await folder.refusal({ source, validation: wide });
    expect(error.message).toMatch(/1\.png" is 1×2×1 .* but the training images are 1×1×1/);
    expect(error.place.path).toEqual(['data', 'validation']);
    const other = write({ c: { '1.png': png(1, 1, [1]) } });
    expect((await folder.refusal({ source, validation: other })).message).toMatch(/a class .* "c"/);
  });

  const one = { '1.png': png(1, 1, [1]) };
  const whole = png(2, 2, [1, 2, 3, 4]);
  it.each([
    ['that is empty', {}, /" is empty; a folder of PNG or JPEG images for each class/],
    ['with an empty class', { a: one, b: {} }, /b" holds no PNG or JPEG images, but is a class/],
    ['of one class', { a: { ...one, '2.png': png(1, 1, [1]) } }, /at least two classes/],
    [
      'with a GIF',
      { a: one, b: { 'x.gif': Buffer.from('GIF89a') } },
      /x\.gif" is neither a PNG nor a JPEG/,
    ],
    [
      'with an empty file',
      { a: one, b: { 'x.png': Buffer.alloc(0) } },
      /x\.png" cannot be read as an image: it is empty\./,
    ],
    [
      'with another file',
      { a: one, b: { 'x.jpg': Buffer.from('hello') } },
      /x\.jpg" cannot be read.*first bytes/,
    ],
    [
      'with half a PNG',
      { a: one, b: { 'x.png': whole.subarray(0, 45) } },
      /x\.png" cannot be read/,
    ],
    [
      'with a damaged PNG',
      { a: one, b: { 'x.png': whole.with(20, 77) } },
      /x\.png" cannot be read/,
    ],
    [
      'with half a JPEG',
      { a: one, b: { 'x.jpg': photo(9, 9, [1, 2, 3]).subarray(0, 30) } },
      /x\.jpg" cannot be read/,
    ],
    [
      'of several sizes',
      { a: one, b: { 'x.png': whole } },
      /x\.png" is 2×2×1 .*1\.png" is 1×1×1\. Add `image/,
    ],
    ['of colors after gray', { a: one, b: { 'x.png': png(1, 1, [1, 2, 3]) } }, /is 1×1×3/],
  ])('%s is refused', async (_, classes, message) => {
    const error = await folder.refusal({ source: write(classes), format: 'images' });
    expect(error.message).toMatch(message);
    expect(error.place.path).toEqual(['data', 'source']);
  });

  it('refuses an image of a billion pixels before it is decoded', async () => {
    const huge = Buffer.from(whole);
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    const error = await folder.refusal({ source: write({ a: { '1.png': huge } }) });
    expect(error.message).toMatch(/100000 × 100000 pixels/);
  });

  it('refuses a file in its place, and numbers to predict', async () => {
    const file = folder.write('one.png', whole);
    expect((await folder.refusal({ source: file, format: 'images' })).message).toMatch(/is a file/);
    const source = write({ a: one, b: one });
    const error = await folder.refusal({ source, task: 'regression' });
    expect(error.place.path).toEqual(['data', 'task']);
  });

  it('does not follow links out of a workspace that is not trusted', async () => {
    const inside = write({ a: one, b: one });
    const outside = write({ c: one });
    symlinkSync(
      folder.path(path.join(outside, 'c/1.png')),
      folder.path(path.join(inside, 'a/link.png')),
    );
    const roots = { readableRoots: [folder.path(inside)] };
    await expect(folder.load({ source: inside }, roots)).rejects.toThrow(/outside the workspace/);
    expect((await folder.load({ source: inside })).train.store.count).toBe(3);
    symlinkSync(folder.path(path.join(outside, 'c')), folder.path(path.join(inside, 'c')));
    await expect(folder.load({ source: inside }, roots)).rejects.toThrow(/outside the workspace/);
    expect((await folder.load({ source: inside })).outputs).toBe(3);
  });
});
