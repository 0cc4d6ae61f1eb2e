import { STATISTICS } from '../events/distributions.ts';
import { BINS_PER_OCTAVE, HistogramColumns, OCTAVES } from '../events/histogram.ts';
import type { DistributionsEvent } from '../events/run-event.ts';
import { layerType } from '../network/layers/index.ts';
import { MEASUREMENT_BYTES } from '../training/measuring/places.ts';
import type { Plan } from '../training/plan.ts';

type Columns = Pick<DistributionsEvent, 'statistics' | 'bins' | 'counts'>;

/** Places of the numbers that the kernel writes. */
const FINITE = 0;
const NAN = 1;
const INFINITE = 2;
const ZERO = 3;
const SATURATED = 4;
const CENTER = 5;
const SUM = 6;
const SQUARES = 7;
const LEAST = 8;
const GREATEST = 9;
const FIRST = 10;
/** They take this many float64; then come the negative bins and the others, uint32 each. */
const NUMBERS = 16;
const TOLD_BINS = OCTAVES * BINS_PER_OCTAVE;
const PART_NUMBERS = MEASUREMENT_BYTES / 8;
const PART_WORDS = MEASUREMENT_BYTES / 4;

/** Reads what was measured last. */
export class Distributions {
  readonly #rows: Measurement[];
  readonly #histograms: HistogramColumns;
  readonly #measured: Uint8Array;
  /** All of it, out of shared memory: reading it value by value takes several times as long. */
  readonly #copy: Uint8Array;

  /** Throws where nothing is inspected. */
  constructor({ buffer }: WebAssembly.Memory, plan: Plan) {
    if (!plan.inspection) throw new Error('This plan has no room for inspection.');
    const { rows } = plan.inspection;
    const start = Math.min(...rows.map(({ to }) => to));
    const end = Math.max(...rows.map(({ to, parts }) => to + parts * MEASUREMENT_BYTES));
    this.#measured = new Uint8Array(buffer, start, end - start);
    this.#copy = new Uint8Array(end - start);
    const saturable = new Set(
      plan.network.layers.flatMap(({ shape }, layer) =>
        layerType(shape.layer).saturation ? [1 + 2 * layer] : [],
      ),
    );
    this.#rows = rows.map(
      ({ to, parts }, row) =>
        new Measurement(this.#copy.buffer, to - start, parts, saturable.has(row)),
    );
    this.#histograms = new HistogramColumns(rows.length);
  }

  read(): Columns {
    this.#copy.set(this.#measured);
    const statistics = new Float64Array(this.#rows.length * STATISTICS.length);
    for (let row = 0; row < this.#rows.length; row++) {
      this.#rows[row].read(statistics.subarray(row * STATISTICS.length), this.#histograms);
    }
    return { statistics, ...this.#histograms.take() };
  }
}

/** One tensor's measurement, from those of its parts. */
class Measurement {
  readonly #numbers: Float64Array;
  readonly #words: Uint32Array;
  readonly #parts: number;
  readonly #saturable: boolean;

  constructor(buffer: ArrayBufferLike, at: number, parts: number, saturable: boolean) {
    this.#numbers = new Float64Array(buffer, at, parts * PART_NUMBERS);
    this.#words = new Uint32Array(buffer, at, parts * PART_WORDS);
    this.#parts = parts;
    this.#saturable = saturable;
  }

  /** Writes the statistics, in the order of STATISTICS, and adds the histogram. */
  read(statistics: Float64Array, histograms: HistogramColumns): void {
    const numbers = this.#numbers;
    let count = 0;
    let nan = 0;
    let infinite = 0;
    let zero = 0;
    let saturated = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let mean = 0;
    /** Σ (x − mean)² */
    let variation = 0;
    for (let at = 0; at < numbers.length; at += PART_NUMBERS) {
      nan += numbers[at + NAN];
      infinite += numbers[at + INFINITE];
      const finite = numbers[at + FINITE];
      if (finite === 0) continue;
      zero += numbers[at + ZERO];
      saturated += numbers[at + SATURATED];
      // −0 + 0 = 0
      min = Math.min(min, numbers[at + LEAST] + 0);
      max = Math.max(max, numbers[at + GREATEST] + 0);
      // Of two parts: Chan, Golub and LeVeque 1979.
      const sum = numbers[at + SUM];
      const difference = numbers[at + CENTER] + sum / finite - mean;
      const all = count + finite;
      variation += Math.max(0, numbers[at + SQUARES] - sum ** 2 / finite);
      variation += (difference ** 2 * count * finite) / all;
      mean += (difference * finite) / all;
      count = all;
    }
    const all = count + nan + infinite;
    const norm = Math.sqrt(variation + count * mean ** 2);
    statistics[0] = count;
    statistics[1] = nan;
    statistics[2] = infinite;
    statistics[3] = count > 0 ? mean : Number.NaN;
    statistics[4] = Math.sqrt(variation / count);
    statistics[5] = count > 0 ? min : Number.NaN;
    statistics[6] = count > 0 ? max : Number.NaN;
    statistics[7] = count > 0 ? norm : Number.NaN;
    statistics[8] = zero / all;
    statistics[9] = this.#saturable ? saturated / all : Number.NaN;
    histograms.add({ count, min, max }, this.#count);
  }

  /** A part tells bins apart from its own first on, which is not above the first of all. */
  readonly #count = (counts: Uint32Array, first: number, negative: boolean): void => {
    const words = this.#words;
    for (let part = 0; part < this.#parts; part++) {
      const skipped = first - this.#numbers[part * PART_NUMBERS + FIRST];
      const told = Math.min(counts.length, TOLD_BINS - skipped);
      const from = part * PART_WORDS + NUMBERS * 2 + (negative ? 0 : TOLD_BINS) + skipped;
      for (let i = 0; i < told; i++) counts[i] += words[from + i];
    }
  };
}
