import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../events/user-error.ts';

/**
 * The safetensors format: uint64 length of the header · header in JSON · raw little-endian data.
 * The header names each tensor's dtype, shape and [begin, end) in the data; strings of one's own stand
 * under `__metadata__`. PyTorch and others read it. https://github.com/huggingface/safetensors#format
 */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
const METADATA = '__metadata__';
/** Written under such a name, then renamed: a file is whole or not there. */
const UNFINISHED = '.unfinished-';

export interface NamedTensor {
  name: string;
  shape: readonly number[];
  values: Float32Array;
}

type Metadata = { [key: string]: string };

/** Writes a file, at once or not at all. Throws the system's error. */
export async function writeSafetensors(
  file: string,
  tensors: readonly NamedTensor[],
  metadata: Metadata,
): Promise<void> {
  const unfinished = join(dirname(file), `${UNFINISHED}${basename(file)}`);
  const data = tensors.map(
    ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  try {
    const handle = await open(unfinished, 'w');
    try {
      await writeWhole(handle, [encodeHeader(tensors, metadata), ...data]);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Whether a process left this file that died while it wrote. */
export function isUnfinished(name: string): boolean {
  return name.startsWith(UNFINISHED);
}

function encodeHeader(tensors: readonly NamedTensor[], metadata: Metadata): Uint8Array {
  const header: { [name: string]: unknown } = { [METADATA]: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  // Spaces, which JSON does not mind.
  const bytes = new Uint8Array(LENGTH_BYTES + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

/** A write may take a part only. */
async function writeWhole(handle: FileHandle, parts: Uint8Array[]): Promise<void> {
  const left = parts.filter(({ length }) => length > 0);
  while (left.length > 0) {
    let { bytesWritten } = await handle.writev(left);
    while (bytesWritten > 0) {
      const [first] = left as [Uint8Array];
      if (bytesWritten < first.length) {
        left[0] = first.subarray(bytesWritten);
        break;
      }
      bytesWritten -= first.length;
      left.shift();
    }
  }
}

export interface TensorEntry {
  dtype: string;
  shape: number[];
  /** In the data, in bytes. */
  begin: number;
  end: number;
}

const DTYPE_BYTES = new Map(
  Object.entries({
    F64: 8,
    I64: 8,
    U64: 8,
    F32: 4,
    I32: 4,
    U32: 4,
    F16: 2,
    BF16: 2,
    I16: 2,
    U16: 2,
    I8: 1,
    U8: 1,
    BOOL: 1,
  }),
);

/**
 * A file of tensors, open for reading. It may come from anywhere: all that its header says is
 * checked against the file before it is believed. Throws UserError where it is damaged.
 */
export class SafetensorsFile {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly #handle: FileHandle;
  readonly #dataStart: number;

  private constructor(name: string, handle: FileHandle, dataStart: number, header: Header) {
    this.name = name;
    this.#handle = handle;
    this.#dataStart = dataStart;
    this.tensors = header.tensors;
    this.metadata = header.metadata;
  }

  /** `name` is how messages call the file. */
  static async open(path: string, name: string): Promise<SafetensorsFile> {
    // A pipe would block for ever.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
    const handle = await open(path, flags).catch((error: Error) => {
      throw new UserError(`${name} cannot be read: ${error.message}.`);
    });
    try {
      const info = await handle.stat();
      if (!info.isFile()) throw damaged(name, 'it is no file');
      const start = await readBytes(handle, 0, LENGTH_BYTES);
      if (start.length < LENGTH_BYTES) throw damaged(name, `it has only ${info.size} bytes`);
      const length = Number(new DataView(start.buffer).getBigUint64(0, true));
      const dataStart = LENGTH_BYTES + length;
      if (length > MAX_HEADER_BYTES || dataStart > info.size)
        throw damaged(name, 'its header would reach beyond its end');
      const header = decodeHeader(await readBytes(handle, LENGTH_BYTES, length), name);
      const dataBytes = info.size - dataStart;
      checkLayout(header.tensors, dataBytes, name);
      return new SafetensorsFile(name, handle, dataStart, header);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Reads a tensor of float32 values, of which there must be `values.length`. */
  async read(tensor: string, values: Float32Array): Promise<void> {
    const entry = this.tensors.get(tensor);
    if (entry?.dtype !== 'F32' || entry.end - entry.begin !== values.byteLength)
      throw new Error(`${this.name} holds no tensor ${tensor} of ${values.length} floats.`);
    // The arena is shared memory, which the system does not read into.
    const bytes = await readBytes(this.#handle, this.#dataStart + entry.begin, values.byteLength);
    if (bytes.length < values.byteLength) throw damaged(this.name, 'it has become shorter');
    values.set(new Float32Array(bytes.buffer));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

interface Header {
  tensors: Map<string, TensorEntry>;
  metadata: Map<string, string>;
}

function decodeHeader(bytes: Uint8Array, name: string): Header {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged(name, 'its header is no JSON');
  }
  if (!isRecord(value)) throw damaged(name, 'its header is no JSON object');
  const header: Header = { tensors: new Map(), metadata: new Map() };
  for (const [key, item] of Object.entries(value)) {
    if (key !== METADATA) {
      const entry = tensorEntry(item);
      if (!entry) throw damaged(name, `its header does not say what ${JSON.stringify(key)} is`);
      header.tensors.set(key, entry);
    } else if (isRecord(item)) {
      for (const [word, text] of Object.entries(item))
        if (typeof text === 'string') header.metadata.set(word, text);
    }
  }
  return header;
}

function tensorEntry(value: unknown): TensorEntry | null {
  if (!isRecord(value)) return null;
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets)) return null;
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2) return null;
  const bytes = shape.reduce((product, extent) => product * extent, DTYPE_BYTES.get(dtype) ?? NaN);
  return bytes === end - begin ? { dtype, shape, begin, end } : null;
}

/** One tensor after the other, from the data's begin to its end, as the format demands. */
function checkLayout(tensors: Map<string, TensorEntry>, dataBytes: number, name: string): void {
  let end = 0;
  for (const entry of [...tensors.values()].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end) throw damaged(name, 'its tensors overlap or leave gaps');
    end = entry.end;
  }
  if (end === dataBytes) return;
  throw damaged(
    name,
    `its header promises ${end.toLocaleString('en-US')} bytes of data, but there are ${dataBytes.toLocaleString('en-US')}`,
  );
}

/** Memory of its own; shorter where the file ends before. */
async function readBytes(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function damaged(name: string, why: string): UserError {
  return new UserError(
    `${name} is no whole checkpoint in the safetensors format: ${why}. Use another one.`,
  );
}
