import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../core/config/index.ts';
import { loadDataset } from '../../../core/data/index.ts';
import { dataConfig, temporaryFolder } from './folder.ts';

const folder = temporaryFolder();
const csv = 'a,b,c,d,kind\n1,2,3,4,x\n5,6,7,8,y\n9,10,11,12,x\n13,14,15,16,y\n17,18,19,20,x\n';

describe('the data set', () => {
  it('is measured and preprocessed by its training part only', async () => {
    const source = folder.write('t.csv', 'a,kind\n0,x\n2,y\n');
    folder.write('v.csv', 'a,kind\n100,x\n-100,y\n');
    const data = {
      source,
      label: 'kind',
      validation: 'v.csv',
      preprocess: ['standardize' as const],
    };
    const { statistics, preprocessing, validation } = await folder.load(data);
    expect([...statistics.mean, ...statistics.std, ...statistics.max]).toEqual([1, 1, 2]);
    expect(preprocessing).toEqual({ offset: Float32Array.of(1), scale: Float32Array.of(1) });
    expect(statistics).toMatchObject({ trainExamples: 2, validationExamples: 2 });
    expect([...validation!.store.inputs]).toEqual([100, -100]);
  });

  it('is an image where the config says so', async () => {
    const source = folder.write('i.csv', csv);
    const image = (height: number, width: number) =>
      dataConfig({ source, label: 'kind', image: { height, width, channels: 2 } });
    expect((await folder.load(image(1, 2))).shape).toEqual([1, 2, 2]);
    const error = await folder.refusal(image(3, 2));
    expect(error.message).toBe('An image of 3×2×2 has 12 values, but each example has 4.');
    expect(error.place.path).toEqual(['data', 'image']);
  });

  it('names the first gap of the training part, by line and column', async () => {
    const gaps = 'a,b,kind\n1,2,x\n"3\n",,y\n,4,x\n5,6,y\n';
    const source = folder.write('g.csv', gaps);
    folder.write('w.csv', 'a,b,kind\n,,x\n');
    const { statistics } = await folder.load({ source, label: 'kind', validation: 'w.csv' });
    expect(statistics.nonFinite).toBe(2);
    expect(statistics.firstNonFinite).toEqual({ file: 'g.csv', example: 2, line: 4, column: 'b' });
    const whole = { source: folder.write('h.csv', csv), label: 'kind' };
    expect((await folder.load(whole)).statistics).not.toHaveProperty('firstNonFinite');
  });

  it('is the same for the same seed', async () => {
    const data = { source: folder.write('s.csv', csv), label: 'kind', validation: 0.4 };
    expect(await folder.load(data)).toEqual(await folder.load(data));
  });

  it('says when the limit leaves one class', async () => {
    const error = await folder.refusal({
      source: folder.write('l.csv', csv),
      label: 'kind',
      limit: 1,
    });
    expect(error.message).toMatch(/With `limit: 1`, all 1 examples have the class "x"/);
    expect(error.place.path).toEqual(['data', 'limit']);
  });

  it('refuses validation data of another shape', async () => {
    const idx = (sizes: number[], n: number) =>
      Buffer.concat([
        Uint8Array.of(0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size])),
        Uint8Array.from({ length: n }, (_, i) => i % 2),
      ]);
    folder.write('labels.idx', idx([2], 2));
    const error = await folder.refusal({
      source: folder.write('wide.idx', idx([2, 1, 3], 6)),
      labels: 'labels.idx',
      validation: folder.write('narrow.idx', idx([2, 1, 2], 4)),
    });
    expect(error.message).toMatch(/have the shape 1×2×1, training examples 1×3×1/);
    expect(error.place.path).toEqual(['data', 'validation']);
  });
});

describe('augmentation', () => {
  const image = (height: number, width: number, channels: number) => ({ height, width, channels });
  it.each([
    [{ kind: 'flip', direction: 'vertical' }, undefined, /flip is for images.* list of 4/, []],
    [{ kind: 'crop', pixels: 2 }, image(2, 2, 1), /A crop of 2 pixels.*at most 1/, ['crop']],
    [{ kind: 'cutout', side: 3 }, image(2, 2, 1), /cutout of 3 pixels is larger/, ['cutout']],
    [
      { kind: 'colorJitter', brightness: 0, contrast: 0, saturation: 0.5 },
      image(2, 2, 1),
      /3 channels; these have 1/,
      ['colorJitter'],
    ],
  ] as const)('%j is refused where it cannot be', async (change, shape, message, key) => {
    const source = folder.write('augment.csv', csv);
    const data = { source, label: 'kind', ...(shape && { image: shape }) };
    const error = await folder.refusal({ ...data, augment: [{ kind: 'noise', std: 0.1 }, change] });
    const first = shape ? ['data', 'augment', 1, ...key] : ['data', 'augment', 0];
    expect(error.place.path).toEqual(first);
    expect(error.message).toMatch(shape ? message : /noise is for images/);
  });
});

describe('files', () => {
  it.each([
    ['source', {}],
    ['validation', { validation: 'absent.csv' }],
  ])('that are absent are named at %s', async (key, more) => {
    const source = key === 'source' ? 'absent.csv' : folder.write('here.csv', csv);
    const error = await folder.refusal({ source, label: 'kind', ...more });
    expect(error.message).toContain(
      `no file "absent.csv" (looked for ${folder.path('absent.csv')})`,
    );
    expect(error.place.path).toEqual(['data', key]);
  });

  it('of an unknown format are asked about, but the format may be said', async () => {
    const source = folder.write('table.txt', csv);
    expect((await folder.refusal({ source, label: 'kind' })).message).toMatch(/Add `format: csv`/);
    expect((await folder.load({ source, label: 'kind', format: 'csv' })).outputs).toBe(2);
    expect((await folder.refusal({ source: folder.write('none', '') })).message).toMatch(
      /is empty/,
    );
  });

  it.each([
    ['/dev/null', /neither a file nor a folder/],
    ['x'.repeat(5000), /cannot be read: ENAMETOOLONG/],
    ['nul\0byte.csv', /There is no file/],
    ['absent/absent.csv', /There is no file/],
  ])('that cannot be read are refused: %j', async (source, message) => {
    expect((await folder.refusal({ source, label: 'kind' })).message).toMatch(message);
  });

  it('may be folders only for CIFAR-10', async () => {
    mkdirSync(folder.path('folder'));
    const error = await folder.refusal({ source: 'folder', format: 'csv', label: 'kind' });
    expect(error.message).toMatch(/is a folder; a file was expected/);
  });

  it('are read only inside the workspace if it is not trusted, links resolved', async () => {
    mkdirSync(folder.path('inside'));
    mkdirSync(folder.path('inside else'));
    folder.write('inside/in.csv', csv);
    folder.write('inside/..in.csv', csv);
    folder.write('inside else/out.csv', csv);
    symlinkSync(folder.path('inside else/out.csv'), folder.path('inside/link.csv'));
    symlinkSync(folder.path('inside'), folder.path('way in'));
    const load = (source: string) =>
      folder.load({ source, label: 'kind' }, { readableRoots: [folder.path('way in')] });
    await load('inside/in.csv');
    await load('inside/..in.csv');
    await load('way in/in.csv');
    for (const source of [
      'inside else/out.csv',
      'inside/../inside else/out.csv',
      'inside/link.csv',
      '/etc/passwd',
    ]) {
      await expect(load(source)).rejects.toThrow(/lies outside the workspace/);
    }
  });

  it('are no longer read when nobody wants them', async () => {
    const rows = '1,2,3,4,x\n5,6,7,8,y\n'.repeat(200_000);
    const source = folder.write('large.csv', `a,b,c,d,kind\n${rows}`);
    const abort = new AbortController();
    const loading = folder.load({ source, label: 'kind' }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
  });
});

/** Real data, where the project lies beside it. */
const real = path.resolve(import.meta.dirname, '../../../../shared/data');
describe.skipIf(!existsSync(real))('real data', () => {
  const context = { folder: real, seed: 1, readableRoots: null };

  it('MNIST', async () => {
    const dataset = await loadDataset(
      dataConfig({
        source: 'mnist/train-images-idx3-ubyte.gz',
        validation: 'mnist/t10k-images-idx3-ubyte.gz',
        preprocess: ['scale'],
      }),
      context,
    );
    expect(dataset).toMatchObject({ shape: [28, 28, 1], outputs: 10 });
    expect(dataset.train.store.inputs.length).toBe(784 * dataset.train.store.count);
    const mean = dataset.statistics.mean.reduce((sum, x) => sum + x, 0) / 784;
    // The well-known mean of MNIST, 0.1307 of 255.
    expect(mean / 255).toBeCloseTo(0.1307, 2);
    const labels = gunzipSync(readFileSync(path.join(real, 'mnist/train-labels-idx1-ubyte.gz')));
    expect(Buffer.from(dataset.train.store.labels!)).toEqual(labels.subarray(8));
  });

  it('CIFAR-10', async () => {
    const { train, classes } = await loadDataset(
      dataConfig({
        source: 'cifar10/data_batch_1.bin',
        validation: 'cifar10/test_batch.bin',
      }),
      context,
    );
    expect(classes!.slice(0, 3)).toEqual(['airplane', 'automobile', 'bird']);
    // The first training image is the frog, whose first pixel is (59, 62, 63).
    expect(classes![train.store.labels![0]!]).toBe('frog');
    expect([...train.store.inputs.subarray(0, 3)]).toEqual([59, 62, 63]);
  });
});

const samples = path.resolve(import.meta.dirname, '../../../extension/samples');
it.each([
  ['digits', [8, 8, 1], 10],
  ['digits-cnn', [8, 8, 1], 10],
  ['spiral', [2], 3],
  ['moons', [2], 2],
  ['regression', [3], 1],
])('the sample %s is without fault and loads', async (name, shape, outputs) => {
  const file = path.join(samples, `${name}.train.yaml`);
  const { config, problems } = parseConfig(readFileSync(file, 'utf8'), file);
  expect(problems).toEqual([]);
  const context = { folder: samples, seed: config!.training.seed, readableRoots: [samples] };
  expect(await loadDataset(config!.data, context)).toMatchObject({ shape, outputs });
});
