import crc32c from 'crc-32/crc32c.js';

/**
 * TFRecord framing, shared by events.log and TensorBoard's files:
 *   uint64 length · uint32 masked crc32c(length) · data · uint32 masked crc32c(data), little-endian
 * https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
export const HEADER_BYTES = 12;
export const FOOTER_BYTES = 4;
/** A record that claims to be larger is damage, not data. */
const MAX_RECORD_BYTES = 2 ** 28;

/** mask(crc) = rotate right by 15 bits, plus a constant: a crc of data that holds crcs is weak. */
function maskedCrc(data: Uint8Array): number {
  const crc = crc32c.buf(data) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The record that holds `data`. */
export function frame(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + data.length + FOOTER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(data, HEADER_BYTES);
  view.setUint32(HEADER_BYTES + data.length, maskedCrc(data), true);
  return bytes;
}

/** Bytes of data in the record whose header starts at `at`; null if the header is damaged. */
export function frameLength(bytes: Uint8Array, at: number): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(at, true);
  if (view.getUint32(at + 4, true) !== 0 || length > MAX_RECORD_BYTES) return null;
  return view.getUint32(at + 8, true) === maskedCrc(bytes.subarray(at, at + 8)) ? length : null;
}

export type Unframed =
  | { state: 'record'; data: Uint8Array; end: number }
  /** The bytes end within the record, which is `bytes` long if its header is there. */
  | { state: 'incomplete'; bytes: number }
  | { state: 'damaged' };

/** The record that starts at `at`. `data` is a view. */
export function unframe(bytes: Uint8Array, at: number): Unframed {
  if (bytes.length - at < HEADER_BYTES) return { state: 'incomplete', bytes: HEADER_BYTES };
  const length = frameLength(bytes, at);
  if (length === null) return { state: 'damaged' };
  const end = at + HEADER_BYTES + length + FOOTER_BYTES;
  if (end > bytes.length) return { state: 'incomplete', bytes: end - at };
  const data = bytes.subarray(at + HEADER_BYTES, end - FOOTER_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(end - FOOTER_BYTES, true) !== maskedCrc(data)) return { state: 'damaged' };
  return { state: 'record', data, end };
}
