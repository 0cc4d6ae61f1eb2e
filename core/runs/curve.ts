import type { SeriesDelta, XAxis } from '../events/series.ts';
import { MinMaxDecimator, NOTHING, type Revision } from './decimate.ts';
import type { Place, Source } from './sources.ts';

/** One curve, decimated, and what its client has of it. */
export class Curve {
  readonly id: string;
  readonly #label: string;
  readonly #source: Source;
  readonly #decimator = new MinMaxDecimator();
  #sent: Revision = NOTHING;

  constructor(id: string, label: string, source: Source) {
    this.id = id;
    this.#label = label;
    this.#source = source;
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

  /** Takes in what is new; null when the client has it all. */
  delta(xAxis: XAxis): SeriesDelta | null {
    this.#decimator.append(this.#source.more());
    if (this.#decimator.length === this.#sent.samples) return null;
    const { keep, points, revision } = this.#decimator.delta(this.#sent);
    this.#sent = revision;
    return {
      id: this.id,
      label: this.#label,
      keep,
      x: Float64Array.from(points, ({ at }) => coordinate(this.#source.place(at), xAxis)),
      y: Float64Array.from(points, ({ value }) => value),
    };
  }
}

/** A curve without a point. */
export function emptied(id: string, label: string): SeriesDelta {
  return { id, label, keep: 0, x: new Float64Array(0), y: new Float64Array(0) };
}

function coordinate({ epoch, step, time }: Place, xAxis: XAxis): number {
  if (xAxis === 'epochs') return epoch;
  return xAxis === 'steps' ? step : time / 1000;
}
