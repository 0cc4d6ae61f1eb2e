import * as z from 'zod';

const LARGEST = 1e9;

/** One of several words, each with its meaning. */
export function words<const Word extends string>(meanings: Record<Word, string>) {
  return z.enum(Object.keys(meanings) as [Word, ...Word[]]).meta({
    enumDescriptions: Object.values(meanings),
  });
}

/** A count such as units or epochs: a whole number of at least 1. */
export function count() {
  return z.number().int().min(1).max(LARGEST);
}

/** A finite number above 0. */
export function positive() {
  return z.number().gt(0);
}

export function nonNegative() {
  return z.number().min(0);
}

/** A number in [0, 1). */
export function decay() {
  return z.number().min(0).lt(1);
}
