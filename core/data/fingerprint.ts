import type { Dataset, Examples } from './dataset.ts';

/** Knows the same data again: every example, answer and place in the split counts. */
export function fingerprint({ train, validation }: Dataset): string {
  let hash = mixExamples(0x811c9dc5, train);
  if (validation) hash = mixExamples(hash, validation);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function mixExamples(hash: number, { store, indices }: Examples): number {
  let mixed = mix(hash, store.inputs);
  for (const values of [store.labels, store.targets, indices])
    if (values) mixed = mix(mixed, values);
  return mixed;
}

/** Word by word, which is fast; the rotation lets every bit of a word reach every bit of the hash. */
function mix(hash: number, { buffer, byteOffset, byteLength }: ArrayBufferView): number {
  let mixed = hash;
  const whole = byteOffset % 4 === 0 ? byteLength >> 2 : 0;
  const words = new Uint32Array(buffer, whole > 0 ? byteOffset : 0, whole);
  for (let i = 0; i < whole; i++) mixed = mixWord(mixed, words[i]!);
  const bytes = new Uint8Array(buffer, byteOffset + whole * 4, byteLength - whole * 4);
  for (let i = 0; i < bytes.length; i++) mixed = mixWord(mixed, bytes[i]!);
  return mixed;
}

/** A round of MurmurHash3, without its first multiplications. */
function mixWord(hash: number, word: number): number {
  const mixed = hash ^ Math.imul(word, 0xcc9e2d51);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
