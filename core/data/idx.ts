import path from 'node:path';
import type { ConfigPath } from '../events/finding.ts';
import type { Task } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { type NumberArray, pairArrays } from './arrays.ts';
import { ByteReader, bytesText } from './byte-reader.ts';
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

/** IDX, the format of MNIST: two zero bytes, the element type, the number of dimensions, the sizes
 * (big-endian, 32 bits each), then the elements, big-endian, the last dimension fastest. */
interface IdxHeader {
  type: ElementType;
  sizes: number[];
}

interface ElementType {
  name: string;
  bytes: number;
  read(view: DataView, offset: number): number;
}

const ELEMENT_TYPES: { [code: number]: ElementType } = {
  8: { name: 'unsigned byte', bytes: 1, read: (view, at) => view.getUint8(at) },
  9: { name: 'signed byte', bytes: 1, read: (view, at) => view.getInt8(at) },
  11: { name: 'short', bytes: 2, read: (view, at) => view.getInt16(at) },
  12: { name: 'int', bytes: 4, read: (view, at) => view.getInt32(at) },
  13: { name: 'float', bytes: 4, read: (view, at) => view.getFloat32(at) },
  14: { name: 'double', bytes: 8, read: (view, at) => view.getFloat64(at) },
};

export interface IdxOptions {
  task: Task;
  limit: number | undefined;
  /** The file of labels, and the key that names it; by default found by MNIST's naming. */
  labels: { name: string | undefined; key: ConfigPath };
  context: ReadContext;
}

/** Reads examples and labels. Unsigned bytes stay bytes; other elements become float32. */
export async function readIdx(file: SourceFile, options: IdxOptions): Promise<Source> {
  const { task, limit, context } = options;
  const labelFile = await findLabels(file, options.labels, context);
  const examples = await readElements(file, limit, context.signal);
  const labels = await readElements(labelFile, undefined, context.signal);
  return pairArrays(examples, labels, task, limit);
}

async function readElements(
  file: SourceFile,
  limit: number | undefined,
  signal: AbortSignal | undefined,
): Promise<NumberArray> {
  const reader = new ByteReader(file, readChunks(file, signal));
  try {
    const { type, sizes } = await readHeader(file, reader);
    const [count] = sizes as [number];
    const rowBytes = type.bytes * featureCount(sizes.slice(1));
    refuseImpossibleSize(file, await isGzip(file, signal), reader.position + count * rowBytes);
    const used = Math.min(count, limit ?? count);
    refuseTooLarge(used * rowBytes, file.name, file.key);
    const sizesText = `${sizes.join(' × ')} ${type.name}${type.bytes === 1 ? 's' : ''}`;
    const bytes = await reader.take(used * rowBytes, `a header and ${sizesText}`);
    if (used === count) {
      const extra = await reader.countRest();
      if (extra > 0) {
        throw new UserError(
          `"${file.name}" holds more than its header says: expected ${bytesText(reader.position)} (a header and ${sizesText}), found ${bytesText(reader.position + extra)}.`,
          { path: file.key },
        );
      }
    }
    return { name: `"${file.name}"`, key: file.key, sizes, values: convert(bytes, type) };
  } finally {
    await reader.close();
  }
}

async function readHeader(file: SourceFile, reader: ByteReader): Promise<IdxHeader> {
  const magic = await reader.take(4, "the beginning of IDX's header");
  const type = ELEMENT_TYPES[magic[2]!];
  const dimensions = magic[3]!;
  if (magic[0] !== 0 || magic[1] !== 0 || !type || dimensions === 0) {
    const found = Buffer.from(magic)
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
    throw new UserError(
      `"${file.name}" is not an IDX file: it should begin with the bytes 00 00, an element type (08, 09 or 0b to 0e) and the number of dimensions, such as 00 00 08 03, but it begins with ${found}.`,
      { path: file.key },
    );
  }
  const bytes = await reader.take(4 * dimensions, `IDX's header with ${dimensions} dimensions`);
  const view = new DataView(bytes.buffer);
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 * i));
  if (sizes.includes(0)) {
    throw new UserError(`"${file.name}" is empty: its header says ${sizes.join(' × ')}.`, {
      path: file.key,
    });
  }
  return { type, sizes };
}

function convert(bytes: Uint8Array, type: ElementType): Uint8Array | Float32Array {
  if (type === ELEMENT_TYPES[8]) return bytes;
  const view = new DataView(bytes.buffer);
  const values = new Float32Array(bytes.length / type.bytes);
  for (let i = 0; i < values.length; i++) values[i] = type.read(view, i * type.bytes);
  return values;
}

/** MNIST's names: train-images-idx3-ubyte[.gz] goes with train-labels-idx1-ubyte[.gz]. */
async function findLabels(
  file: SourceFile,
  labels: IdxOptions['labels'],
  context: ReadContext,
): Promise<SourceFile> {
  if (labels.name !== undefined) return findSource(labels.name, labels.key, context);
  const folder = path.dirname(file.name);
  const base = path.basename(file.name);
  const wanted = base.replace('images', 'labels').replace(/idx\d/, 'idx1');
  if (wanted !== base) {
    const zipped = wanted.endsWith('.gz');
    for (const name of [wanted, zipped ? wanted.slice(0, -3) : `${wanted}.gz`]) {
      try {
        return await findSource(path.join(folder, name), file.key, context);
      } catch (error) {
        if (!(error instanceof UserError && error.message.startsWith('There is no file')))
          throw error;
      }
    }
  }
  const looked = wanted === base ? '' : ` "${wanted}" is not beside it.`;
  throw new UserError(
    `No labels were found for "${file.name}".${looked} Name their file with \`${labels.key.at(-1)}\`.`,
    { path: file.key },
  );
}
