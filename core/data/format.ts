import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import { readStart, type SourceFile } from './source-file.ts';

export type FileFormat = NonNullable<Config['data']['format']>;

/** The names of CIFAR-10's training files. */
export const CIFAR10_BATCH = /^data_batch.*\.bin$/;

/** The format of a file by its name, else by its first bytes. Throws UserError if neither tells. */
export async function deduceFormat(file: SourceFile, signal?: AbortSignal): Promise<FileFormat> {
  if (file.isFolder) return deduceFolder(file);
  const name = path.basename(file.path).toLowerCase();
  if (name.endsWith('.csv')) return 'csv';
  if (/\.idx(\.gz)?$|[-.]idx\d-\w+(\.gz)?$/.test(name)) return 'idx';
  if (name.endsWith('.bin')) return 'cifar10';
  if (/\.npy(\.gz)?$/.test(name)) return 'npy';
  if (name.endsWith('.npz')) return 'npz';
  if (file.size === 0) {
    throw new UserError(`"${file.name}" is empty: expected data, found 0 bytes.`, {
      path: file.key,
    });
  }
  const start = await readStart(file, 4, signal);
  if (start[0] === 0 && start[1] === 0 && start[2]! >= 8 && start[2]! <= 14) return 'idx';
  if (start.equals(Buffer.from([0x93, 0x4e, 0x55, 0x4d]))) return 'npy';
  if (start.equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]))) return 'npz';
  throw new UserError(
    `The format of "${file.name}" cannot be told from its name. Add \`format: csv\`, \`idx\`, \`cifar10\`, \`npy\` or \`npz\`.`,
    { path: file.key },
  );
}

async function deduceFolder(file: SourceFile): Promise<FileFormat> {
  const names = await readdir(file.path);
  return names.some((name) => CIFAR10_BATCH.test(name)) ? 'cifar10' : 'images';
}
