/**
 * The only source of random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011). It is counter-based: the i-th block is a pure function of
 * key and counter, so a stream needs no history. Whatever else a run draws, and wherever it was
 * paused or resumed, step 1,000's shuffle is the same.
 */

const M0_HIGH = 0xd251;
const M0_LOW = 0x1f53;
const M1_HIGH = 0xcd9e;
const M1_LOW = 0x8d57;
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
/** The Weyl sequence of the key: the golden ratio and √3 − 1. */
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** One block: 4 words from a 128-bit counter and a 64-bit key, 10 rounds. `out` may be `counter`. */
export function philox4x32(counter: Uint32Array, key0: number, key1: number, out: Uint32Array) {
  let c0 = counter[0]! | 0;
  let c1 = counter[1]! | 0;
  let c2 = counter[2]! | 0;
  let c3 = counter[3]! | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round++) {
    // High words of 32×32-bit products from 16-bit halves: JavaScript's 64-bit integers are slow. No
    // sum here exceeds 32 bits, so that int32 arithmetic, which wraps, loses nothing.
    let low = c0 & 0xffff;
    let high = c0 >>> 16;
    let middle = (Math.imul(high, M0_LOW) + (Math.imul(low, M0_LOW) >>> 16)) | 0;
    let cross = (Math.imul(low, M0_HIGH) + (middle & 0xffff)) | 0;
    const high0 = (Math.imul(high, M0_HIGH) + (middle >>> 16) + (cross >>> 16)) | 0;
    low = c2 & 0xffff;
    high = c2 >>> 16;
    middle = (Math.imul(high, M1_LOW) + (Math.imul(low, M1_LOW) >>> 16)) | 0;
    cross = (Math.imul(low, M1_HIGH) + (middle & 0xffff)) | 0;
    const high1 = (Math.imul(high, M1_HIGH) + (middle >>> 16) + (cross >>> 16)) | 0;
    const low0 = Math.imul(c0, M0);
    const low1 = Math.imul(c2, M1);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** FNV-1a, 32 bits: turns a purpose into a word of the counter. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

const TWO_32 = 2 ** 32;

/** Words that stand for a seed and a purpose: two of the key, one of the counter. */
export function streamWords(seed: number, purpose: string): [number, number, number] {
  return [seed >>> 0, Math.floor(seed / TWO_32) >>> 0, hash(purpose)];
}

/** A stream of 2³⁴ words that depends on (seed, purpose, step) and on nothing else. */
export class RandomStream {
  readonly #key0: number;
  readonly #key1: number;
  /** [block, purpose, step, step's high word] */
  readonly #counter = new Uint32Array(4);
  readonly #block = new Uint32Array(4);
  #used = 4;
  #spare = 0;
  #hasSpare = false;

  /** `seed` and `step` are integers within ±2⁵³; `purpose` names what the numbers are for. */
  constructor(seed: number, purpose: string, step = 0) {
    [this.#key0, this.#key1, this.#counter[1]] = streamWords(seed, purpose);
    this.#counter[2] = step;
    this.#counter[3] = Math.floor(step / TWO_32);
  }

  /** A whole number, uniform in [0, 2³²). */
  uint32(): number {
    if (this.#used === 4) {
      philox4x32(this.#counter, this.#key0, this.#key1, this.#block);
      this.#counter[0]!++;
      this.#used = 0;
    }
    return this.#block[this.#used++]!;
  }

  /** Uniform in [0, 1), on a grid of 2⁻⁵³. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /**
   * A standard normal number, by Marsaglia's polar method. It needs only log (fdlibm's in every V8)
   * and sqrt (exact by IEEE 754). Box and Muller's needs sin and cos, whose last bits differ between
   * versions of V8: the same seed would give other weights after an update of the editor.
   */
  normal(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false;
      return this.#spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      this.#hasSpare = true;
      return x * factor;
    }
  }

  /** A whole number, uniform in [0, n), 1 ≤ n ≤ 2³²; without the bias of a remainder. */
  integer(n: number): number {
    if (n === 1) return 0;
    const shift = Math.clz32(n - 1);
    for (;;) {
      const word = this.uint32() >>> shift;
      if (word < n) return word;
    }
  }

  /** Puts the values into a uniformly random order, in place (Fisher and Yates). */
  shuffle(values: Uint32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const value = values[i]!;
      values[i] = values[j]!;
      values[j] = value;
    }
  }

  /** Fills with normal numbers of mean 0 and this standard deviation. */
  fillNormal(values: Float32Array, std: number): void {
    for (let i = 0; i < values.length; i++) values[i] = this.normal() * std;
  }
}
