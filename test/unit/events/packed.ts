import type { Histogram } from '../../../core/events/histogram.ts';

/** Many histograms as two columns, for an event. */
export function packHistograms(histograms: readonly Histogram[]): {
  bins: Uint32Array;
  counts: Uint32Array;
} {
  const bins = Uint32Array.from(
    histograms.flatMap(({ small, first, negative, positive }) => [
      small,
      first,
      negative.length,
      positive.length,
    ]),
  );
  const counts = new Uint32Array(
    histograms.reduce((sum, { negative, positive }) => sum + negative.length + positive.length, 0),
  );
  let at = 0;
  for (const { negative, positive } of histograms) {
    counts.set(negative, at);
    counts.set(positive, at + negative.length);
    at += negative.length + positive.length;
  }
  return { bins, counts };
}
