/** `{"type": "` as the codec writes it: a map of up to 65,535 keys, whose first is `type`. */
const TYPE_PREFIX = [0xb9, -1, -1, 0x64, 0x74, 0x79, 0x70, 0x65];
/** The first so many bytes of a record tell its type. */
export const LONGEST_TYPE = 32;

/** The type of the event in a record, from its first bytes; '' if they do not tell. */
export function typeOf(data: Uint8Array): string {
  if (!TYPE_PREFIX.every((byte, i) => byte < 0 || data[i] === byte)) return '';
  // Text of up to 23 bytes: 0x60 + length.
  const length = (data[TYPE_PREFIX.length] ?? 0) - 0x60;
  if (length < 0 || length > 23) return '';
  const start = TYPE_PREFIX.length + 1;
  return Buffer.from(data.subarray(start, start + length)).toString('latin1');
}
