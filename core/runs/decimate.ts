import { Bucket, type Point } from './bucket.ts';

const MAX_BUCKETS = 1000;

/** What changed since a revision: keep so many of its points, then take these. */
export interface PointsDelta {
  keep: number;
  points: Point[];
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
 * A series of any length in at most about 3,000 points, of which no spike, NaN or infinity is lost.
 * Buckets are a power of two of samples wide and begin at its multiples, so that a growing series
 * does not flicker; when there are too many, neighbours merge. Appending is O(1).
 */
export class MinMaxDecimator {
  #buckets: Bucket[] = [];
  #width = 1;
  #length = 0;

  /** Samples in a bucket, a power of two. */
  get width(): number {
    return this.#width;
  }

  /** Samples so far. */
  get length(): number {
    return this.#length;
  }

  append(value: number): void {
    if (this.#length === MAX_BUCKETS * this.#width) this.#halve();
    const index = Math.floor(this.#length / this.#width);
    let bucket = this.#buckets[index];
    if (!bucket) {
      bucket = new Bucket();
      this.#buckets.push(bucket);
    }
    bucket.add(this.#length++, value);
  }

  /** Appends those of `values` that it has not yet, which holds the whole series. */
  follow(values: Float64Array): void {
    for (let i = this.#length; i < values.length; i++) this.append(values[i]!);
  }

  /** What a client with `revision` must change, and the revision it has then. */
  delta(revision: Revision): { delta: PointsDelta; revision: Revision } {
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
      delta: { keep, points },
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
