import { STATISTICS } from '../events/distributions.ts';
import { HistogramColumns } from '../events/histogram.ts';
import type { DistributionsEvent } from '../events/run-event.ts';
import { layerType } from '../network/layers/index.ts';
import { MEASUREMENT_BYTES, type PlannedMeasurement } from '../training/measuring/places.ts';
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
const NUMBERS = 16;
/** The sign is the highest of a bin's 12 bits. */
const NEGATIVE = 1 << 11;
const BINS = 1 << 12;

/** Reads what was measured last. */
export class Distributions {
  readonly #rows: Measurement[];
  readonly #histograms: HistogramColumns;

  /** Throws where nothing is inspected. */
  constructor(memory: WebAssembly.Memory, plan: Plan) {
    if (!plan.inspection) throw new Error('This plan has no room for inspection.');
    const saturable = new Set(
      plan.network.layers.flatMap(({ shape }, layer) =>
        layerType(shape.layer).saturation ? [1 + 2 * layer] : [],
      ),
    );
    this.#rows = plan.inspection.rows.map(
      (row, index) => new Measurement(memory, row, saturable.has(index)),
    );
    this.#histograms = new HistogramColumns(this.#rows.length);
  }

  read(): Columns {
    const statistics = new Float64Array(this.#rows.length * STATISTICS.length);
    for (let row = 0; row < this.#rows.length; row++) {
      this.#rows[row].read(statistics.subarray(row * STATISTICS.length), this.#histograms);
    }
    return { statistics, ...this.#histograms.take() };
  }
}

/** One tensor's measurement, from those of its parts. */
class Measurement {
  readonly #numbers: Float64Array[];
  readonly #bins: Uint32Array[];
  readonly #saturable: boolean;

  constructor(
    { buffer }: WebAssembly.Memory,
    { parts, to }: PlannedMeasurement,
    saturable: boolean,
  ) {
    const places = Array.from({ length: parts }, (_, part) => to + part * MEASUREMENT_BYTES);
    this.#numbers = places.map((place) => new Float64Array(buffer, place, NUMBERS));
    this.#bins = places.map((place) => new Uint32Array(buffer, place + NUMBERS * 8, BINS));
    this.#saturable = saturable;
  }

  /** Writes the statistics, in the order of STATISTICS, and adds the histogram. */
  read(statistics: Float64Array, histograms: HistogramColumns): void {
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
    for (let i = 0; i < this.#numbers.length; i++) {
      const part = this.#numbers[i];
      nan += part[NAN];
      infinite += part[INFINITE];
      const finite = part[FINITE];
      if (finite === 0) continue;
      zero += part[ZERO];
      saturated += part[SATURATED];
      // −0 + 0 = 0
      min = Math.min(min, part[LEAST] + 0);
      max = Math.max(max, part[GREATEST] + 0);
      // Of two parts: Chan, Golub and LeVeque 1979.
      const partMean = part[CENTER] + part[SUM] / finite;
      const difference = partMean - mean;
      const all = count + finite;
      variation += Math.max(0, part[SQUARES] - part[SUM] ** 2 / finite);
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
    // A part of a batch that was smaller has old counts.
    const live = this.#bins.filter((_, part) => this.#numbers[part][FINITE] > 0);
    const [only] = live;
    histograms.add({ count, min, max }, (bin, negative) => {
      const index = negative ? bin + NEGATIVE : bin;
      if (live.length === 1) return only[index];
      let total = 0;
      for (let part = 0; part < live.length; part++) total += live[part][index];
      return total;
    });
  }
}
