/// <reference path="./cbor-x.d.ts" />
// The build without `new Function`, and without the native helper that a bundle could not carry.
import { addExtension, Encoder } from 'cbor-x/index-no-eval';
import { EVENT_SHAPES } from './event-shapes.ts';
import { FORMAT_VERSION, type RunEvent } from './run-event.ts';
import { isPlainObject, type Shape } from './shape.ts';
import { SWEEP_FORMAT_VERSION, type SweepEvent } from './sweep-event.ts';
import { SWEEP_EVENT_SHAPES } from './sweep-event-shapes.ts';
import { UserError } from './user-error.ts';

/** CBOR (RFC 8949) with typed arrays (RFC 8746). */
const cbor = new Encoder({ useRecords: false, tagUint8Array: true });

/** The tags of the arrays that events hold, little-endian. */
const ARRAYS = {
  64: Uint8Array,
  69: Uint16Array,
  70: Uint32Array,
  85: Float32Array,
  86: Float64Array,
};

// A decoded array owns its memory, so that it is aligned, keeps no chunk of a file alive and moves to another
// thread alone. The library's own decoders copy twice for that.
for (const [tag, Typed] of Object.entries(ARRAYS)) {
  addExtension({
    tag: Number(tag),
    decode: (bytes) => new Typed(new Uint8Array(bytes).buffer),
  });
}

/** By type; a Map, so that a type such as "constructor" finds nothing. */
const SHAPES = new Map<string, Shape>(Object.entries(EVENT_SHAPES));
const SWEEP_SHAPES = new Map<string, Shape>(Object.entries(SWEEP_EVENT_SHAPES));

/** The bytes of one record. Keys that are undefined are left out; numbers keep all their bits. */
export function encodeEvent(event: RunEvent | SweepEvent): Uint8Array {
  return cbor.encode(withoutUndefined(event));
}

/**
 * The event in a record, or null for a type that a later version of Trainscope has added. Throws
 * UserError when the record is no event, or when its log has a newer format than this version reads.
 */
export function decodeEvent(bytes: Uint8Array): RunEvent | null {
  const value = decodeValue(bytes);
  if (!isPlainObject(value) || typeof value.type !== 'string')
    throw new UserError('A record of this log is damaged: it holds no event.');
  if (value.type === 'started') refuseNewer(value.formatVersion);
  const shape = SHAPES.get(value.type);
  if (!shape) return null;
  const problem = shape(value, '');
  if (problem) throw new UserError(`A record “${value.type}” of this log is damaged: ${problem}.`);
  // Its shape is that of the event its type names.
  return value as object as RunEvent;
}

/** The same of a record in the log of a sweep. */
export function decodeSweepEvent(bytes: Uint8Array): SweepEvent | null {
  const value = decodeValue(bytes);
  if (!isPlainObject(value) || typeof value.type !== 'string')
    throw new UserError('A record of this log is damaged: it holds no event.');
  if (value.type === 'sweepStarted' && Number(value.formatVersion) > SWEEP_FORMAT_VERSION)
    throw new UserError(
      'This sweep was written by a newer Trainscope. Update Trainscope to go on with it.',
    );
  const shape = SWEEP_SHAPES.get(value.type);
  if (!shape) return null;
  const problem = shape(value, '');
  if (problem) throw new UserError(`A record “${value.type}” of this log is damaged: ${problem}.`);
  // Its shape is that of the event its type names.
  return value as object as SweepEvent;
}

function decodeValue(bytes: Uint8Array): unknown {
  try {
    return cbor.decode(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`A record of this log is damaged: ${why}.`);
  }
}

function refuseNewer(version: unknown): void {
  if (typeof version !== 'number' || version <= FORMAT_VERSION) return;
  throw new UserError(
    `This run was written by a newer Trainscope (log format ${version}; this version reads up to ` +
      `${FORMAT_VERSION}). Update Trainscope to open it.`,
  );
}

/** The same value, copied only where a key has to go. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, withoutUndefined(item)]),
  );
}
