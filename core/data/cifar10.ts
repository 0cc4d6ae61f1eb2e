import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../events/user-error.ts';
import { ByteReader, bytesText } from './byte-reader.ts';
import { CIFAR10_BATCH } from './format.ts';
import type { Source } from './source.ts';
import {
  findSource,
  type ReadContext,
  readChunks,
  refuseTooLarge,
  type SourceFile,
} from './source-file.ts';

const SIDE = 32;
const CHANNELS = 3;
const PIXELS = SIDE * SIDE;
const CIFAR10_SHAPE = [SIDE, SIDE, CHANNELS];
const CIFAR10_CLASSES = 10;
/** A record: the class, then a plane each of red, green and blue. */
const RECORD = 1 + CHANNELS * PIXELS;

/**
 * Reads CIFAR-10's binary version: a file, or a folder with its training files data_batch_*.bin.
 * Pixels stay bytes; planes become NHWC. Class names are those of the training data, if this is
 * not it; else they come from batches.meta.txt beside the files.
 */
export async function readCifar10(
  file: SourceFile,
  limit: number | undefined,
  trainingClasses: string[] | null,
  context: ReadContext,
): Promise<Source> {
  const files = await findBatches(file, context);
  const available = files.reduce((sum, batch) => sum + countRecords(batch), 0);
  const count = Math.min(available, limit ?? available);
  refuseTooLarge(count * PIXELS * CHANNELS, file.name, file.key);
  const inputs = new Uint8Array(count * PIXELS * CHANNELS);
  const labels = new Int32Array(count);
  let done = 0;
  for (const batch of files) {
    if (done === count) break;
    done = await readBatch(batch, inputs, labels, done, context.signal);
  }
  return {
    store: { count, inputs, labels, targets: null },
    shape: CIFAR10_SHAPE,
    classes:
      trainingClasses?.length === CIFAR10_CLASSES
        ? trainingClasses
        : await readNames(file, context),
    columns: null,
  };
}

async function findBatches(file: SourceFile, context: ReadContext): Promise<SourceFile[]> {
  if (!file.isFolder) return [file];
  const names = (await readdir(file.path)).filter((name) => CIFAR10_BATCH.test(name));
  if (names.length === 0) {
    throw new UserError(
      `The folder "${file.name}" holds no CIFAR-10 training files (data_batch_1.bin and so on).`,
      { path: file.key },
    );
  }
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return Promise.all(
    names.map((name) => findSource(path.join(file.name, name), file.key, context)),
  );
}

function countRecords(file: SourceFile): number {
  const count = Math.floor(file.size / RECORD);
  if (file.size === count * RECORD && count > 0) return count;
  const expected =
    count === 0
      ? `at least one record of ${bytesText(RECORD)}`
      : `${bytesText(count * RECORD)} or ${bytesText((count + 1) * RECORD)}`;
  throw new UserError(
    `"${file.name}" is not whole CIFAR-10 records of ${bytesText(RECORD)}: expected ${expected}, found ${bytesText(file.size)}.`,
    { path: file.key },
  );
}

/** Returns the number of examples that are there afterwards. */
async function readBatch(
  file: SourceFile,
  inputs: Uint8Array,
  labels: Int32Array,
  from: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const records = countRecords(file);
  const reader = new ByteReader(file, readChunks(file, signal));
  const record = new Uint8Array(RECORD);
  let example = from;
  try {
    for (let i = 0; i < records && example < labels.length; i++, example++) {
      await reader.fill(record);
      const label = record[0]!;
      if (label >= CIFAR10_CLASSES) {
        throw new UserError(
          `"${file.name}" is not a CIFAR-10 file: record ${i + 1} has the class ${label}; 0 to 9 was expected.`,
          { path: file.key },
        );
      }
      labels[example] = label;
      const row = example * PIXELS * CHANNELS;
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        for (let channel = 0; channel < CHANNELS; channel++) {
          inputs[row + pixel * CHANNELS + channel] = record[1 + channel * PIXELS + pixel]!;
        }
      }
    }
  } finally {
    await reader.close();
  }
  return example;
}

async function readNames(file: SourceFile, context: ReadContext): Promise<string[]> {
  const numbers = Array.from({ length: CIFAR10_CLASSES }, (_, i) => String(i));
  const folder = file.isFolder ? file.name : path.dirname(file.name);
  try {
    const meta = await findSource(path.join(folder, 'batches.meta.txt'), file.key, context);
    const names = (await readFile(meta.path, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
    return names.length === CIFAR10_CLASSES ? names : numbers;
  } catch (error) {
    if (error instanceof UserError) return numbers;
    throw error;
  }
}
