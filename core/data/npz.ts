import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import type { Task } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { type NumberArray, pairArrays } from './arrays.ts';
import { ByteReader } from './byte-reader.ts';
import { listNames } from './classes.ts';
import { readArray } from './npy.ts';
import type { Source } from './source.ts';
import { refuseImpossibleSize, refuseTooLarge, type SourceFile } from './source-file.ts';

/** Names of examples and their labels, the first pair that a file has. */
const PAIRS = [
  ['x', 'y'],
  ['X', 'y'],
  ['X', 'Y'],
  ['images', 'labels'],
  ['features', 'labels'],
  ['inputs', 'targets'],
  ['data', 'target'],
  ['data', 'targets'],
  ['data', 'labels'],
  ['x_train', 'y_train'],
  ['X_train', 'y_train'],
  ['train_images', 'train_labels'],
] as const;

/** The same in a file of validation data, which may be the training data's own. */
const HELD_OUT_PAIRS = [
  ['x_val', 'y_val'],
  ['X_val', 'y_val'],
  ['val_images', 'val_labels'],
  ['x_test', 'y_test'],
  ['X_test', 'y_test'],
  ['test_images', 'test_labels'],
  ...PAIRS,
] as const;

export interface NpzOptions {
  task: Task;
  limit: number | undefined;
  isValidation: boolean;
}

/** Reads two arrays of a zip archive of .npy files, found by their names. */
export async function readNpz(
  file: SourceFile,
  { task, limit, isValidation }: NpzOptions,
): Promise<Source> {
  if (file.isFolder) {
    throw new UserError(`"${file.name}" is a folder; a file was expected.`, { path: file.key });
  }
  refuseTooLarge(file.size, file.name, file.key);
  const archive = await readFile(file.path);
  const names = new Set(memberSizes(file, archive).keys());
  const pairs = isValidation ? HELD_OUT_PAIRS : PAIRS;
  const pair = pairs.find((wanted) => wanted.every((name) => names.has(name)));
  if (!pair) {
    throw new UserError(
      `"${file.name}" holds ${names.size === 0 ? 'no arrays' : `the arrays ${listNames([...names])}`}; examples and labels were expected, named x and y, images and labels, data and target, or x_train and y_train.`,
      { path: file.key },
    );
  }
  const examples = await readMember(file, archive, pair[0], limit);
  return pairArrays(examples, await readMember(file, archive, pair[1], undefined), task, limit);
}

/** The arrays' names, with the bytes that each will have by the archive's word. */
function memberSizes(file: SourceFile, archive: Uint8Array): Map<string, number> {
  const sizes = new Map<string, number>();
  unzip(file, archive, (name, size) => {
    if (name.endsWith('.npy')) sizes.set(name.slice(0, -'.npy'.length), size);
    return false;
  });
  return sizes;
}

async function readMember(
  file: SourceFile,
  archive: Uint8Array,
  name: string,
  limit: number | undefined,
): Promise<NumberArray> {
  const member = `${name}.npy`;
  const files = unzip(file, archive, (found, size) => {
    if (found !== member) return false;
    refuseImpossibleSize(file, true, size);
    refuseTooLarge(size, file.name, file.key);
    return true;
  });
  const bytes = files[member]!;
  const array = { ...file, name: `${file.name}/${member}`, size: bytes.length, zipped: false };
  return readArray(array, new ByteReader(array, once(bytes)), limit);
}

function unzip(
  file: SourceFile,
  archive: Uint8Array,
  wants: (name: string, size: number) => boolean,
): { [name: string]: Uint8Array } {
  try {
    return unzipSync(archive, {
      filter: ({ name, originalSize }) => wants(name, originalSize),
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `"${file.name}" is not a whole npz file, which is a zip archive (${reason}). Get the file again.`,
      { path: file.key },
    );
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
