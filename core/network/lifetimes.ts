/** A buffer that is needed from one moment to another, both included. */
export interface Lifetime {
  bytes: number;
  from: number;
  to: number;
}

/**
 * Offsets for buffers such that those alive at the same moment do not overlap, and the bytes they need
 * together. Greedy: the largest first, each at the lowest place that is free all its life. `bytes`
 * are multiples of the alignment.
 */
export function placeLifetimes(lifetimes: readonly Lifetime[]): {
  offsets: number[];
  bytes: number;
} {
  const offsets = lifetimes.map(() => 0);
  const placed: number[] = [];
  const order = lifetimes.map((_, i) => i).sort((a, b) => lifetimes[b].bytes - lifetimes[a].bytes);
  let total = 0;
  for (const i of order) {
    const { bytes, from, to } = lifetimes[i];
    const neighbours = placed
      .filter((k) => lifetimes[k].from <= to && lifetimes[k].to >= from)
      .sort((a, b) => offsets[a] - offsets[b]);
    let offset = 0;
    for (const k of neighbours) {
      if (offset + bytes <= offsets[k]) break;
      offset = Math.max(offset, offsets[k] + lifetimes[k].bytes);
    }
    offsets[i] = offset;
    placed.push(i);
    total = Math.max(total, offset + bytes);
  }
  return { offsets, bytes: total };
}
