import { Bucket } from '../../runs/bucket.ts';

interface Points {
  x: Float64Array;
  y: Float64Array;
}

/**
 * Of a curve as many points as a picture so many pixels wide can show: of each stretch the least, the
 * greatest and the first that is not finite, and always its end. `x` ascends.
 */
export function thin({ x, y }: Points, stretches: number): Points {
  if (y.length <= 2 * stretches) return { x, y };
  const from = x[0]!;
  const width = (x.at(-1)! - from) / stretches || 1;
  const buckets = new Map<number, Bucket>();
  for (let i = 0; i < y.length; i++) {
    const index = Math.min(stretches - 1, Math.floor((x[i]! - from) / width));
    const bucket = buckets.get(index) ?? new Bucket();
    buckets.set(index, bucket);
    bucket.add(i, y[i]!);
  }
  const kept = [...buckets.values()].flatMap((bucket) => bucket.points().map(({ at }) => at));
  if (kept.at(-1) !== y.length - 1) kept.push(y.length - 1);
  return {
    x: Float64Array.from(kept, (i) => x[i]!),
    y: Float64Array.from(kept, (i) => y[i]!),
  };
}
