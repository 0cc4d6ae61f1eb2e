import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ConfigPath } from '../events/finding.ts';
import { UserError } from '../events/user-error.ts';

/** Where data may be read from, and how to end a long reading. */
export interface ReadContext {
  /** The config's folder, absolute; paths in the config are relative to it. */
  folder: string;
  /** In an untrusted workspace: files are read only inside these folders. null: anywhere. */
  readableRoots: string[] | null;
  /** Only shapes and numbers are wanted: of a folder of images, the first one is enough. */
  shapesOnly?: boolean;
  signal?: AbortSignal;
}

/** A data file or folder that exists and may be read. */
export interface SourceFile {
  /** As the config writes it; messages name it so. */
  name: string;
  /** Absolute, symbolic links resolved. */
  path: string;
  isFolder: boolean;
  /** Bytes on disk. */
  size: number;
  /** Time of the last change, in milliseconds since 1970. */
  modified: number;
  /** The config key that names it: the one to blame. */
  key: ConfigPath;
}

/** Throws UserError at `key` if there is no such file or folder, or it must not be read. */
export async function findSource(
  name: string,
  key: ConfigPath,
  context: ReadContext,
): Promise<SourceFile> {
  const absolute = path.resolve(context.folder, name);
  try {
    const resolved = await realpath(absolute);
    if (context.readableRoots && !(await isInside(resolved, context.readableRoots))) {
      throw new UserError(
        `"${name}" lies outside the workspace. In a workspace that is not trusted, data is read only from inside it: move the file there, or trust the workspace.`,
        { path: key },
      );
    }
    const info = await stat(resolved);
    if (!info.isFile() && !info.isDirectory()) {
      throw new UserError(`"${name}" is neither a file nor a folder.`, { path: key });
    }
    return {
      name,
      path: resolved,
      isFolder: info.isDirectory(),
      size: info.size,
      modified: info.mtimeMs,
      key,
    };
  } catch (error) {
    throw explainFileError(error, name, absolute, key);
  }
}

async function isInside(file: string, roots: string[]): Promise<boolean> {
  for (const root of roots) {
    const relative = path.relative(await realpath(root), file);
    const first = relative.split(path.sep)[0];
    if (first !== '..' && !path.isAbsolute(relative)) return true;
  }
  return false;
}

/**
 * The file's bytes, chunk by chunk, unzipped if its first bytes say gzip. Throws UserError where it
 * cannot be read, is damaged, or ends too early to be unzipped.
 */
export async function* readChunks(file: SourceFile, signal?: AbortSignal): AsyncGenerator<Buffer> {
  if (file.isFolder) {
    throw new UserError(`"${file.name}" is a folder; a file was expected.`, { path: file.key });
  }
  const zipped = await isGzip(file, signal);
  const raw = createReadStream(file.path, { highWaterMark: 1 << 20, signal });
  let bytes = 0;
  try {
    // The callback takes the error, which reaches the loop below as well.
    const chunks = zipped ? pipeline(raw, createGunzip({ chunkSize: 1 << 20 }), () => {}) : raw;
    for await (const chunk of chunks) {
      bytes += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (error) {
    if (zipped && isZlibError(error)) {
      throw new UserError(
        `"${file.name}" is not a whole gzip file (${error.message}): after ${bytes.toLocaleString('en-US')} unzipped bytes nothing more could be read. Get the file again.`,
        { path: file.key },
      );
    }
    throw explainFileError(error, file.name, file.path, file.key);
  }
}

/** The first `length` bytes (fewer if the file is shorter), unzipped. */
export async function readStart(
  file: SourceFile,
  length: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(file, signal)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= length) break;
  }
  return Buffer.concat(chunks).subarray(0, length);
}

/** Whether the file's first bytes are gzip's. */
export async function isGzip(file: SourceFile, signal?: AbortSignal): Promise<boolean> {
  try {
    for await (const chunk of createReadStream(file.path, { end: 1, signal })) {
      const start = chunk as Buffer;
      return start[0] === 0x1f && start[1] === 0x8b;
    }
  } catch (error) {
    throw explainFileError(error, file.name, file.path, file.key);
  }
  return false;
}

/** gunzip makes at most 1,032 bytes of one. */
const GZIP_MAXIMUM_RATIO = 1032;

/**
 * Refuses a header that promises more than the file can hold, before anything of that size is
 * allocated.
 */
export function refuseImpossibleSize(file: SourceFile, zipped: boolean, expected: number): void {
  if (expected <= file.size * (zipped ? GZIP_MAXIMUM_RATIO : 1)) return;
  throw new UserError(
    `"${file.name}" is truncated: its header promises ${expected.toLocaleString('en-US')} bytes, but the file has ${file.size.toLocaleString('en-US')}${zipped ? ' (zipped)' : ''}.`,
    { path: file.key },
  );
}

/** A data set larger than the arena's largest size cannot be trained on. */
const MAXIMUM_BYTES = 2 ** 32;

/** Refuses inputs that would need so many bytes, before they are allocated. */
export function refuseTooLarge(bytes: number, name: string, key: ConfigPath): void {
  if (bytes <= MAXIMUM_BYTES) return;
  throw new UserError(
    `"${name}" would take ${(bytes / 2 ** 30).toFixed(1)} GiB of memory; at most 4 GiB of data can be trained on. Fewer examples (\`limit\`) take less.`,
    { path: key },
  );
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function explainFileError(error: unknown, name: string, absolute: string, key: ConfigPath) {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE') {
    const where = name === absolute ? '' : ` (looked for ${absolute})`;
    return new UserError(`There is no file "${name}"${where}. Paths are relative to the config.`, {
      path: key,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new UserError(`"${name}" may not be read: permission denied.`, { path: key });
  }
  if (error instanceof Error && 'syscall' in error) {
    return new UserError(`"${name}" cannot be read: ${error.message}.`, { path: key });
  }
  return error;
}
