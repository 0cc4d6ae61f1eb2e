/** What a curve's points stand at. `epochs` counts in fractions; `time` is in seconds. */
export type XAxis = 'epochs' | 'steps' | 'time';

/**
 * `batchLoss`, `smoothLoss`, `trainLoss`, `validationLoss`, `trainQuality`, `validationQuality`,
 * `learningRate`, or `ratio:<parameter id>`.
 */
export type SeriesId = string;

/** Keep the first `keep` points of the series, then append these. `keep: 0` replaces it whole. */
export interface SeriesDelta {
  id: SeriesId;
  /** For display at the end of its line, e.g. "train", "dense 1 weights". */
  label: string;
  keep: number;
  /** In the unit of the chosen `XAxis`. */
  x: Float64Array;
  y: Float64Array;
}
