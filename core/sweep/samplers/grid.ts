import type { Dimension } from '../space.ts';
import type { Sampler } from './sampler.ts';

/** How many values of each key: as even as `trials` allow, no more than a key has. */
export function gridLevels(space: readonly Dimension[], trials: number): number[] {
  const most = space.map(({ range }) => {
    if (range.kind === 'choice') return range.values.length;
    return range.kind === 'int' ? range.high - range.low + 1 : Number.POSITIVE_INFINITY;
  });
  const levels = space.map(() => 1);
  for (;;) {
    let next = -1;
    for (let d = 0; d < levels.length; d++) {
      if (levels[d]! >= most[d]!) continue;
      const product = levels.reduce((all, level, i) => all * (i === d ? level + 1 : level), 1);
      if (product <= trials && (next < 0 || levels[d]! < levels[next]!)) next = d;
    }
    if (next < 0) return levels;
    levels[next]!++;
  }
}

/** How many points a grid has: at most as many as there are trials. */
export function gridSize(space: readonly Dimension[], trials: number): number {
  return gridLevels(space, trials).reduce((product, level) => product * level, 1);
}

/** All combinations of evenly spaced values, each in the middle of its part of the range; the last key first. */
export const grid: Sampler = ({ space, first, count, total }) => {
  const levels = gridLevels(space, total);
  return Array.from({ length: count }, (_, i) => {
    let rest = first + i;
    const point = new Array<number>(levels.length);
    for (let d = levels.length - 1; d >= 0; d--) {
      const level = levels[d]!;
      point[d] = ((rest % level) + 0.5) / level;
      rest = Math.floor(rest / level);
    }
    return point;
  });
};
