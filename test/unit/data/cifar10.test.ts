import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

/** A record whose red, green and blue at pixel p are p, p + 1 and p + 2 (mod 256). */
function record(label: number): Uint8Array {
  const bytes = new Uint8Array(3073);
  bytes[0] = label;
  for (let channel = 0; channel < 3; channel++) {
    for (let p = 0; p < 1024; p++) bytes[1 + channel * 1024 + p] = p + channel;
  }
  return bytes;
}

const file = Buffer.concat([record(9), record(0)]);

it('turns planes into pixels of three channels', async () => {
  const { train, shape, classes, outputs } = await folder.load({
    source: folder.write('a.bin', file),
  });
  expect(shape).toEqual([32, 32, 3]);
  expect(outputs).toBe(10);
  expect(classes![9]).toBe('9');
  expect(train.store.labels).toEqual(Int32Array.of(9, 0));
  const { inputs } = train.store;
  expect(inputs).toBeInstanceOf(Uint8Array);
  const pixel = 3072 + 3 * 1000;
  expect([...inputs.subarray(pixel, pixel + 3)]).toEqual([1000 & 255, 1001 & 255, 1002 & 255]);
});

it('reads the batches of a folder in their order, with the names of the classes', async () => {
  mkdirSync(folder.path('cifar'));
  for (const [name, label] of [
    ['data_batch_10', 3],
    ['data_batch_2', 2],
    ['test_batch', 5],
  ] as const) {
    folder.write(path.join('cifar', `${name}.bin`), record(label));
  }
  const names = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
  folder.write(path.join('cifar', 'batches.meta.txt'), `${names.join('\n')}\n\n`);
  const { train, classes } = await folder.load({ source: 'cifar' });
  expect(train.store.labels).toEqual(Int32Array.of(2, 3));
  expect(classes).toEqual(names);
  const validation = folder.write('elsewhere.bin', record(5));
  const split = await folder.load({ source: 'cifar', validation });
  expect(split.classes![split.validation!.store.labels![0]!]).toBe('dog');
  expect((await folder.load({ source: 'cifar', limit: 1 })).train.store.labels).toEqual(
    Int32Array.of(2),
  );
});

it.each([
  ['an empty file', Buffer.alloc(0), /expected at least one record of 3,073 bytes, found 0 bytes/],
  [
    'a truncated file',
    file.subarray(0, -1),
    /expected 3,073 bytes or 6,146 bytes, found 6,145 bytes/,
  ],
  ['garbage of the right length', Buffer.alloc(6146, 77), /record 1 has the class 77/],
])('refuses %s', async (_, bytes, message) => {
  const error = await folder.refusal({ source: folder.write('bad.bin', bytes) });
  expect(error.message).toMatch(message);
  expect(error.place.path).toEqual(['data', 'source']);
});

it('refuses a folder without batches', async () => {
  mkdirSync(folder.path('nothing'));
  expect((await folder.refusal({ source: 'nothing', format: 'cifar10' })).message).toMatch(
    /no CIFAR-10 training files/,
  );
});
