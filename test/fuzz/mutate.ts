import fc from 'fast-check';

/** One change of a file's bytes; `at` and `length` are fractions of the file's length. */
export interface Mutation {
  kind: 'set' | 'cut' | 'remove' | 'insert' | 'repeat';
  at: number;
  length: number;
  bytes: Uint8Array;
}

/** Positions near the start, where headers are, come as often as all others. */
const position = fc.oneof(
  fc.nat(30).map((at) => at / 1e5),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
/** Bytes with a meaning to some format come as often as all others. */
const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 4 }),
  fc
    .constantFrom('"', '""', ',', '\n', '\r\n', '\0', '-', 'nan', '1e999', '\uFEFF', ' ')
    .map((text) => new TextEncoder().encode(text)),
  fc
    .constantFrom(0xffffffff, 0x7fffffff, 0)
    .map((word) => new Uint8Array(Uint32Array.of(word).buffer)),
);

export const mutations = fc.array(
  fc.record<Mutation>({
    kind: fc.constantFrom('set', 'set', 'cut', 'remove', 'insert', 'repeat'),
    at: position,
    length: fc.double({ min: 0, max: 0.2, noNaN: true }),
    bytes,
  }),
  { minLength: 1, maxLength: 4 },
);

export function mutate(file: Uint8Array, list: readonly Mutation[]): Uint8Array {
  let result = Buffer.from(file);
  for (const { kind, at, length, bytes } of list) {
    const start = Math.floor(at * result.length);
    const end = start + Math.ceil(length * result.length);
    const before = result.subarray(0, start);
    if (kind === 'set')
      result = Buffer.concat([before, bytes, result.subarray(start + bytes.length)]);
    else if (kind === 'insert') result = Buffer.concat([before, bytes, result.subarray(start)]);
    else if (kind === 'cut') result = Buffer.from(before);
    else if (kind === 'remove') result = Buffer.concat([before, result.subarray(end)]);
    else result = Buffer.concat([result.subarray(0, end), result.subarray(start)]);
  }
  return result;
}
