import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encode as encodePng } from 'fast-png';
import { zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { expect, it } from 'vitest';
import { UserError } from '../../core/events/user-error.ts';
import { temporaryFolder } from '../unit/data/folder.ts';
import { mutate, mutations } from './mutate.ts';

const folder = temporaryFolder();
const DIGITS = path.join(import.meta.dirname, '../../extension/samples/digits.csv');
const EXAMPLES = 60;
const csv = readFileSync(DIGITS, 'latin1')
  .split('\n')
  .slice(0, EXAMPLES + 1);
const digits = csv.slice(1).map((line) => line.split(',').map(Number));

function idx(dimensions: number[], values: number[]): Uint8Array {
  const words = new DataView(new ArrayBuffer(4 * dimensions.length));
  for (const [i, length] of dimensions.entries()) words.setUint32(4 * i, length);
  const type = [0, 0, 8, dimensions.length];
  return gzipSync(Uint8Array.from([...type, ...new Uint8Array(words.buffer), ...values]));
}

const images = idx(
  [EXAMPLES, 8, 8],
  digits.flatMap((row) => row.slice(0, 64)),
);
const labels = idx(
  [EXAMPLES],
  digits.map((row) => row[64]!),
);
/** Each digit, four by four times as large, three times: a red, a green and a blue one. */
const cifar = Uint8Array.from(
  digits
    .slice(0, 20)
    .flatMap((row) => [
      row[64]!,
      ...Array.from({ length: 3072 }, (_, i) => row[((i >> 7) & 7) * 8 + ((i >> 2) & 7)]! * 16),
    ]),
);

/** Much more than the files of these tests can hold, unzipped. */
const ABSURD_BYTES = 64 * 2 ** 20;

async function loads(data: Parameters<typeof folder.load>[0]): Promise<void> {
  const before = process.memoryUsage().arrayBuffers;
  try {
    const { train, outputs, shape } = await folder.load({ validation: 0.3, ...data });
    const features = shape.reduce((product, side) => product * side, 1);
    expect(train.store.inputs.length).toBe(train.store.count * features);
    for (const label of train.store.labels ?? []) {
      if (!(label >= 0 && label < outputs))
        throw new Error(`Label ${label} of ${outputs} classes.`);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toMatch(/^\S.*[.?]$/s);
    expect(error.message.length).toBeLessThan(600);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(ABSURD_BYTES);
}

const runs = { seed: 1, numRuns: 100 };
const fuzzed = (name: string, file: Uint8Array) =>
  mutations.map((list) => folder.write(name, mutate(file, list)));

it('the files are whole before they are changed', async () => {
  folder.write('labels.idx.gz', labels);
  const source = folder.write('images.idx.gz', images);
  const loaded = await folder.load({ source, labels: 'labels.idx.gz', validation: 0.3 });
  expect(loaded).toMatchObject({ shape: [8, 8, 1], outputs: 10 });
  const pixels = folder.write('batch.bin', cifar);
  expect(await folder.load({ source: pixels, validation: 0.3 })).toMatchObject({
    shape: [32, 32, 3],
  });
});

it('CSV', () =>
  fc.assert(
    fc.asyncProperty(
      fuzzed('x.csv', Buffer.from(csv.join('\n'))),
      fc.constantFrom('classification' as const, 'regression' as const),
      (source, task) => loads({ source, label: 'digit', task }),
    ),
    runs,
  ));

it('zipped IDX images', async () => {
  folder.write('labels.idx.gz', labels);
  await fc.assert(
    fc.asyncProperty(fuzzed('images.idx.gz', images), (source) =>
      loads({ source, labels: 'labels.idx.gz' }),
    ),
    runs,
  );
});

it('IDX images, zipped after the change', async () => {
  folder.write('labels.idx.gz', labels);
  const raw = gunzipSync(images);
  await fc.assert(
    fc.asyncProperty(mutations, fc.boolean(), (list, zip) => {
      const changed = mutate(raw, list);
      const source = folder.write('images.idx', zip ? gzipSync(changed) : changed);
      return loads({ source, labels: 'labels.idx.gz' });
    }),
    runs,
  );
});

it('IDX labels', async () => {
  const source = folder.write('images.idx.gz', images);
  const raw = gunzipSync(labels);
  await fc.assert(
    fc.asyncProperty(fuzzed('labels.idx', raw), (name) => loads({ source, labels: name })),
    runs,
  );
});

it('CIFAR-10', () =>
  fc.assert(
    fc.asyncProperty(fuzzed('batch.bin', cifar), (source) => loads({ source })),
    runs,
  ));

/** What NumPy's save writes. */
function npy(descr: string, sizes: number[], elements: Uint8Array, order = 'False'): Uint8Array {
  const shape = `(${sizes.join(', ')},)`;
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  return Buffer.concat([start, Buffer.from(`${header.padEnd(117)}\n`), elements]);
}

const pixels = Uint8Array.from(digits.flatMap((row) => row.slice(0, 64)));
const answers = npy(
  '|u1',
  [EXAMPLES],
  Uint8Array.from(digits, (row) => row[64]!),
);
const arrays = [
  npy('|u1', [EXAMPLES, 8, 8], pixels),
  npy('>f4', [EXAMPLES, 16], pixels, 'True'),
  npy('<f2', [EXAMPLES, 32], pixels),
];

it('NumPy arrays', async () => {
  folder.write('y.npy', answers);
  for (const array of arrays) {
    await fc.assert(
      fc.asyncProperty(fuzzed('x.npy', array), (source) => loads({ source, labels: 'y.npy' })),
      runs,
    );
  }
});

it('NumPy archives, zipped before or after the change', async () => {
  const archive = zipSync({ 'x.npy': arrays[0]!, 'y.npy': answers });
  await fc.assert(
    fc.asyncProperty(mutations, fc.boolean(), (list, before) => {
      const changed = before
        ? mutate(archive, list)
        : zipSync({ 'x.npy': mutate(arrays[0]!, list), 'y.npy': answers });
      return loads({ source: folder.write('a.npz', changed) });
    }),
    runs,
  );
});

it('images', async () => {
  for (const name of ['images', 'images/a', 'images/b']) mkdirSync(folder.path(name));
  const gray = pixels.slice(0, 64);
  const colors = Buffer.from([...gray].flatMap((x) => [16 * x, 255 - x, x, 255]));
  const kinds = [
    encodePng({ width: 8, height: 8, data: gray, channels: 1 }),
    encodePng({ width: 8, height: 8, data: colors, channels: 4 }),
    jpeg.encode({ width: 8, height: 8, data: colors }, 90).data,
  ];
  folder.write('images/a/1.png', kinds[0]!);
  folder.write('images/a/2.png', kinds[0]!);
  const image = { height: 4, width: 4, channels: 1 };
  for (const kind of kinds) {
    await fc.assert(
      fc.asyncProperty(fuzzed('images/b/1.png', kind), () => loads({ source: 'images', image })),
      runs,
    );
  }
});
