import { STATISTICS } from '../events/distributions.ts';
import { type Histogram, histogramOf, packHistograms } from '../events/histogram.ts';
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
  }

  read(): Columns {
    const statistics = new Float64Array(this.#rows.length * STATISTICS.length);
    const histograms: Histogram[] = [];
    for (const [index, row] of this.#rows.entries()) {
      histograms.push(row.read(statistics, index * STATISTICS.length));
    }
    return { statistics, ...packHistograms(histograms) };
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

  /** Writes the statistics from `at` on, in the order of STATISTICS. */
  read(to: Float64Array, at: number): Histogram {
    let [count, nan, infinite, zero, saturated] = [0, 0, 0, 0, 0];
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let mean = 0;
    /** Σ (x − mean)² */
    let variation = 0;
    for (const part of this.#numbers) {
      nan += part[NAN];
      infinite += part[INFINITE];
      const finite = part[FINITE];
      if (finite === 0) continue;
      zero += part[ZERO];
      saturated += part[SATURATED];
      min = Math.min(min, part[LEAST]);
      max = Math.max(max, part[GREATEST]);
      // Of two parts: Chan, Golub and LeVeque 1979.
      const partMean = part[CENTER] + part[SUM] / finite;
      const difference = partMean - mean;
      const all = count + finite;
      variation += Math.max(0, part[SQUARES] - part[SUM] ** 2 / finite);
      variation += (difference ** 2 * count * finite) / all;
      mean += (difference * finite) / all;
      count = all;
    }
    const some = count > 0;
    const all = count + nan + infinite;
    to.set(
      [
        count,
        nan,
        infinite,
        some ? mean : Number.NaN,
        Math.sqrt(variation / count),
        some ? min : Number.NaN,
        some ? max : Number.NaN,
        some ? Math.sqrt(variation + count * mean ** 2) : Number.NaN,
        zero / all,
        this.#saturable ? saturated / all : Number.NaN,
      ],
      at,
    );
    // A part of a batch that was smaller has old counts.
    const live = this.#bins.filter((_, part) => this.#numbers[part][FINITE] > 0);
    return histogramOf({ count, min, max }, (bin, negative) => {
      const index = negative ? bin + NEGATIVE : bin;
      let total = 0;
      for (const bins of live) total += bins[index];
      return total;
    });
  }
}
