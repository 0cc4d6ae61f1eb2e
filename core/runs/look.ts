import type { DistributionsEvent } from '../events/run-event.ts';

/** Where the counts of a look lie in its log. */
export interface CountsPlace {
  file: string;
  /** Byte of the first one. */
  at: number;
}

/**
 * What was measured of every tensor at a moment. The counts of its histograms are most of it: those of a
 * run that is over stay in its log until a picture asks for them.
 */
export type Look = Omit<DistributionsEvent, 'counts'> & { counts: Uint32Array | CountsPlace };
