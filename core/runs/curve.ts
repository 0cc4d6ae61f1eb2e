import type { SeriesDelta, XAxis } from '../events/series.ts';
import type { Point } from './bucket.ts';
import { MAX_BUCKETS, MinMaxDecimator, NOTHING, type Revision } from './decimate.ts';
import type { Source } from './sources.ts';

/** One curve, decimated, and what its client has of it. */
export class Curve {
  readonly id: string;
  readonly #label: string;
  readonly #source: Source;
  readonly #decimator: MinMaxDecimator;
  #sent: Revision = NOTHING;

  /** `buckets`: how many, of up to three points each, it is drawn from. */
  constructor(id: string, label: string, source: Source, buckets = MAX_BUCKETS) {
    this.id = id;
    this.#label = label;
    this.#source = source;
    this.#decimator = new MinMaxDecimator(buckets);
  }

  /** Samples that are drawn as one point. */
  get width(): number {
    return this.#decimator.width;
  }

  /** The client has nothing of it any more. */
  reset(): void {
    this.#sent = NOTHING;
  }

  /** What makes a client forget it. */
  nothing(): SeriesDelta {
    return emptied(this.id, this.#label);
  }

  /** Takes in what is new. */
  advance(): void {
    this.#decimator.append(this.#source.more());
  }

  /** Takes in what is new; null when the client has it all. */
  delta(xAxis: XAxis): SeriesDelta | null {
    this.advance();
    if (this.#decimator.length === this.#sent.samples) return null;
    const { keep, points, revision } = this.#decimator.delta(this.#sent);
    this.#sent = revision;
    return {
      id: this.id,
      label: this.#label,
      keep,
      x: this.#source.places(column(points, 'at'), xAxis),
      y: column(points, 'value'),
    };
  }
}

/** A curve without a point. */
export function emptied(id: string, label: string): SeriesDelta {
  return { id, label, keep: 0, x: new Float64Array(0), y: new Float64Array(0) };
}

/** Several times as fast as `Float64Array.from` with a function. */
function column(points: readonly Point[], name: keyof Point): Float64Array {
  const values = new Float64Array(points.length);
  for (let i = 0; i < points.length; i++) values[i] = points[i]![name];
  return values;
}
