import { UserError } from '../events/user-error.ts';
import type { ByteReader } from './byte-reader.ts';
import type { SourceFile } from './source-file.ts';

/**
 * NumPy's format: \x93NUMPY, two bytes of version, the header's length (16 bits, from version 2 on
 * 32), a Python literal such as {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }, then the
 * elements (numpy.lib.format).
 */
export interface NpyHeader {
  type: NpyType;
  /** The first dimension is the fastest. */
  isFortran: boolean;
  sizes: number[];
}

export interface NpyType {
  bytes: number;
  /** An unsigned byte. */
  isByte: boolean;
  read(view: DataView, at: number): number;
}

const READERS: { [type: string]: (view: DataView, at: number, little: boolean) => number } = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** No header of an array of numbers is longer. */
const MAXIMUM_HEADER = 1 << 16;
const MAGIC = '\x93NUMPY';

/** Throws UserError if it is no NumPy file, or one of what is no number. */
export async function readNpyHeader(
  file: Pick<SourceFile, 'name' | 'key'>,
  reader: ByteReader,
): Promise<NpyHeader> {
  const refuse = (what: string): UserError =>
    new UserError(`"${file.name}" ${what}`, { path: file.key });
  const start = await reader.take(8, "the beginning of NumPy's header");
  if (Buffer.from(start.subarray(0, 6)).toString('latin1') !== MAGIC) {
    const found = Buffer.from(start.subarray(0, 6))
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
    throw refuse(
      `is not a NumPy file: it should begin with 93 4e 55 4d 50 59 (\\x93NUMPY), but it begins with ${found}.`,
    );
  }
  const lengthBytes = start[6] === 1 ? 2 : 4;
  const view = new DataView((await reader.take(lengthBytes, "NumPy's header")).buffer);
  const length = lengthBytes === 2 ? view.getUint16(0, true) : view.getUint32(0, true);
  if (length > MAXIMUM_HEADER) {
    throw refuse(
      `has a header of ${length.toLocaleString('en-US')} bytes; no array of numbers has.`,
    );
  }
  const text = Buffer.from(await reader.take(length, "NumPy's header")).toString('latin1');
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (order === undefined || tuple === undefined) {
    throw refuse('has a header that cannot be read: it names no order or no shape of an array.');
  }
  const sizes = tuple
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  const type = typeOf(/'descr':\s*'([^']*)'/.exec(text)?.[1] ?? '');
  if (typeof type === 'string') throw refuse(type);
  if (sizes.length === 0) throw refuse('holds a single number; an array was expected.');
  if (sizes.includes(0)) throw refuse(`is empty: its shape is (${sizes.join(', ')}).`);
  return { type, isFortran: order === 'True', sizes };
}

/** The type that NumPy writes as <f8 and so on; else what is wrong with it. */
function typeOf(descr: string): NpyType | string {
  const name = descr.slice(1);
  const little = descr[0] !== '>';
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read && '<>|='.includes(descr[0]!)) {
    return {
      bytes: Number(name[1]),
      isByte: name === 'u1',
      read: (view, at) => read(view, at, little),
    };
  }
  if (/^[<>|=][US]/.test(descr)) {
    return 'holds text; numbers were expected. Labels become numbers with np.unique(labels, return_inverse=True)[1].';
  }
  if (descr.startsWith('|O')) {
    return 'holds Python objects; an array of numbers was expected. Save it with a number type such as float32.';
  }
  const found = descr === '' ? 'fields of several types' : `numbers of the type "${descr}"`;
  return `holds ${found}; integers, floats of 2, 4 or 8 bytes or booleans were expected.`;
}

/** IEEE 754's binary16: sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
