import path from 'node:path';
import type { Config } from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import { readStart, type SourceFile } from './source-file.ts';

export type FileFormat = NonNullable<Config['data']['format']>;

/** The format of a file by its name, else by its first bytes. Throws UserError if neither tells. */
export async function deduceFormat(file: SourceFile, signal?: AbortSignal): Promise<FileFormat> {
  if (file.isFolder) return 'cifar10';
  const name = path.basename(file.path).toLowerCase();
  if (name.endsWith('.csv')) return 'csv';
  if (/\.idx(\.gz)?$|[-.]idx\d-\w+(\.gz)?$/.test(name)) return 'idx';
  if (name.endsWith('.bin')) return 'cifar10';
  if (file.size === 0) {
    throw new UserError(`"${file.name}" is empty: expected data, found 0 bytes.`, {
      path: file.key,
    });
  }
  const start = await readStart(file, 4, signal);
  if (start[0] === 0 && start[1] === 0 && start[2]! >= 8 && start[2]! <= 14) return 'idx';
  throw new UserError(
    `The format of "${file.name}" cannot be told from its name. Add \`format: csv\`, \`idx\` or \`cifar10\`.`,
    { path: file.key },
  );
}
