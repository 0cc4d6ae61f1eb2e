import type { Span, SweepModel, Trial } from './model.ts';

/** A line's pixels over all axes, the score last. NaN: it has no place there. */
export interface Lines {
  /** Of the axes, from left to right. */
  xs: Float64Array;
  /** [places × axes] */
  ys: Float32Array;
}

export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where every trial's line runs. */
export function linesOf(
  model: SweepModel,
  { left, right, top, bottom }: Frame,
  width: number,
  height: number,
): Lines {
  const axes = model.facts!.keys.length + 1;
  const wide = Math.max(1, width - left - right);
  const high = Math.max(1, height - top - bottom);
  const xs = Float64Array.from({ length: axes }, (_, axis) => left + (axis / (axes - 1)) * wide);
  const ys = new Float32Array(model.trials.length * axes).fill(Number.NaN);
  for (const trial of model.trials) {
    if (!trial) continue;
    for (let axis = 0; axis < axes; axis++) {
      const unit = axis < axes - 1 ? trial.units[axis]! : model.scoreUnit(trial);
      ys[trial.place * axes + axis] = top + (1 - Math.max(0, Math.min(1, unit))) * high;
    }
  }
  return { xs, ys };
}

/** The trial whose line is nearest below or above a point, at most `reach` away; −1: none. */
export function nearestLine(
  { xs, ys }: Lines,
  candidates: readonly Trial[],
  x: number,
  y: number,
  reach: number,
): number {
  const axes = xs.length;
  let axis = 0;
  while (axis < axes - 2 && xs[axis + 1]! < x) axis++;
  const share = (x - xs[axis]!) / (xs[axis + 1]! - xs[axis]!);
  if (share < 0 || share > 1) return -1;
  let best = -1;
  let least = reach;
  for (const { place } of candidates) {
    const [from, to] = [ys[place * axes + axis]!, ys[place * axes + axis + 1]!];
    const distance = Math.abs(from + share * (to - from) - y);
    if (distance <= least) [best, least] = [place, distance];
  }
  return best;
}

/** A span with its ends in order and within the axis; null where it is nothing, or everything. */
export function tidy(a: number, b: number): Span | null {
  const [low, high] = [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
  if (high - low < 1e-9 || (low <= 0 && high >= 1)) return null;
  return [low, high];
}
