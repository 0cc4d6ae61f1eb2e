import { Bucket, type Point } from './bucket.ts';

export const MAX_BUCKETS = 1000;

/** Keep so many points of an earlier revision, then take these: the new revision. */
export interface PointsDelta {
  keep: number;
  points: Point[];
  revision: Revision;
}

/** What a client has of a series; `NOTHING` at first. */
export interface Revision {
  width: number;
  /** The buckets that will not change any more at that width, and the points they gave. */
  closed: number;
  closedPoints: number;
  samples: number;
}

export const NOTHING: Revision = { width: 0, closed: 0, closedPoints: 0, samples: 0 };

/**
 * A series of any length in at most about three points a bucket, of which no spike, NaN or infinity is lost.
 * Buckets are a power of two of samples wide and begin at its multiples, so that a growing series
 * does not flicker; when there are too many, neighbours merge. Appending a sample
 * is O(1).
 */
export class MinMaxDecimator {
  #buckets: Bucket[] = [];
  readonly #most: number;
  #width = 1;
  #length = 0;

  /** `most`: how many buckets. */
  constructor(most = MAX_BUCKETS) {
    this.#most = most;
  }

  /** Samples in a bucket, a power of two. */
  get width(): number {
    return this.#width;
  }

  /** Samples so far. */
  get length(): number {
    return this.#length;
  }

  append(values: Float64Array): void {
    for (let i = 0; i < values.length; ) {
      if (this.#length === this.#most * this.#width) this.#halve();
      const index = Math.floor(this.#length / this.#width);
      if (index === this.#buckets.length) this.#buckets.push(new Bucket());
      const room = (index + 1) * this.#width - this.#length;
      const end = Math.min(values.length, i + room);
      this.#buckets[index]!.addAll(values, i, end, this.#length);
      this.#length += end - i;
      i = end;
    }
  }

  /** What a client with this revision must change. */
  delta(revision: Revision): PointsDelta {
    const same = revision.width === this.#width;
    const from = same ? revision.closed : 0;
    const keep = same ? revision.closedPoints : 0;
    const closed = Math.floor(this.#length / this.#width);
    const points: Point[] = [];
    let closedPoints = keep;
    for (let i = from; i < this.#buckets.length; i++) {
      const some = this.#buckets[i]!.points();
      points.push(...some);
      if (i < closed) closedPoints += some.length;
    }
    return {
      keep,
      points,
      revision: { width: this.#width, closed, closedPoints, samples: this.#length },
    };
  }

  #halve(): void {
    const halved: Bucket[] = [];
    for (let i = 0; i < this.#buckets.length; i += 2) {
      const bucket = this.#buckets[i]!;
      const next = this.#buckets[i + 1];
      if (next) bucket.merge(next);
      halved.push(bucket);
    }
    this.#buckets = halved;
    this.#width *= 2;
  }
}
