import type { ConfigPath } from '../events/finding.ts';
import type { Task } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { type NumberArray, pairArrays } from './arrays.ts';
import { ByteReader, bytesText } from './byte-reader.ts';
import { readNpyHeader } from './npy-header.ts';
import { featureCount, type Source } from './source.ts';
import {
  findSource,
  isGzip,
  type ReadContext,
  readChunks,
  refuseImpossibleSize,
  refuseTooLarge,
  type SourceFile,
} from './source-file.ts';

export interface NpyOptions {
  task: Task;
  limit: number | undefined;
  /** The file of labels, and the key that names it. */
  labels: { name: string | undefined; key: ConfigPath };
  context: ReadContext;
}

/** Reads examples and labels from two .npy files. */
export async function readNpy(file: SourceFile, options: NpyOptions): Promise<Source> {
  const { task, limit, labels, context } = options;
  if (labels.name === undefined) {
    throw new UserError(
      `"${file.name}" holds the examples; where are their labels? Name their file with \`${labels.key.at(-1)}\`.`,
      { path: file.key },
    );
  }
  const labelFile = await findSource(labels.name, labels.key, context);
  const examples = await readFileArray(file, limit, context.signal);
  return pairArrays(
    examples,
    await readFileArray(labelFile, undefined, context.signal),
    task,
    limit,
  );
}

async function readFileArray(
  file: SourceFile,
  limit: number | undefined,
  signal: AbortSignal | undefined,
): Promise<NumberArray> {
  const zipped = await isGzip(file, signal);
  const reader = new ByteReader(file, readChunks(file, signal));
  try {
    return await readArray({ ...file, zipped }, reader, limit);
  } finally {
    await reader.close();
  }
}

/** The bytes of one array: a file of its own, or a member of an npz. */
export interface ArrayFile extends SourceFile {
  zipped: boolean;
}

const CHUNK_ELEMENTS = 1 << 16;

/** Unsigned bytes stay bytes; other numbers become float32. The first `limit` rows are kept. */
export async function readArray(
  file: ArrayFile,
  reader: ByteReader,
  limit: number | undefined,
): Promise<NumberArray> {
  const { type, isFortran, sizes } = await readNpyHeader(file, reader);
  const count = sizes[0]!;
  const row = featureCount(sizes.slice(1));
  refuseImpossibleSize(file, file.zipped, reader.position + count * row * type.bytes);
  const used = Math.min(count, limit ?? count);
  refuseTooLarge(used * row * (type.isByte ? 1 : 4), file.name, file.key);
  const values = type.isByte ? new Uint8Array(used * row) : new Float32Array(used * row);
  const place = isFortran ? fortranPlaces(sizes, used) : null;
  const stored = (isFortran ? count : used) * row;
  for (let from = 0; from < stored; from += CHUNK_ELEMENTS) {
    const length = Math.min(CHUNK_ELEMENTS, stored - from);
    const what = `a header and ${sizes.join(' × ')} numbers of ${bytesText(type.bytes)}`;
    const view = new DataView((await reader.take(length * type.bytes, what)).buffer);
    for (let i = 0; i < length; i++) {
      const value = type.read(view, i * type.bytes);
      if (!place) values[from + i] = value;
      else {
        const at = place();
        if (at >= 0) values[at] = value;
      }
    }
  }
  const extra = stored === count * row ? await reader.countRest() : 0;
  if (extra > 0) {
    throw new UserError(
      `"${file.name}" holds ${bytesText(extra)} more than its header says. An .npy file holds one array.`,
      { path: file.key },
    );
  }
  return { name: `"${file.name}"`, key: file.key, sizes, values };
}

/**
 * Fortran's order has the first dimension fastest. Returns a function that gives, at each call, the
 * place of the next element with the last dimension fastest; −1 for those beyond the used rows.
 */
function fortranPlaces(sizes: readonly number[], used: number): () => number {
  const strides = sizes.map((_, axis) => featureCount(sizes.slice(axis + 1)));
  const index = sizes.map(() => 0);
  return () => {
    let at = 0;
    for (let axis = 0; axis < sizes.length; axis++) at += index[axis]! * strides[axis]!;
    const isUsed = index[0]! < used;
    for (let axis = 0; axis < sizes.length && ++index[axis]! === sizes[axis]; axis++) {
      index[axis] = 0;
    }
    return isUsed ? at : -1;
  };
}
