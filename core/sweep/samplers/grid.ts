import { countOf } from '../count.ts';
import type { Dimension } from '../space.ts';
import type { Sampler } from './sampler.ts';

/**
 * How many values of each key `trials` trials try on a grid: as even as these allow, and no more than there are; `most`
 * says how many of each key there are.
 */
export function gridLevels(most: readonly number[], trials: number): number[] {
  const levels = most.map(() => 1);
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

/** The places of so many values in a range of 0 to 1: each in the middle of its part. */
export function gridPlaces(level: number): number[] {
  return Array.from({ length: level }, (_, i) => (i + 0.5) / level);
}

/** How many points a grid has: at most as many as there are trials. */
export function gridSize(space: readonly Dimension[], trials: number): number {
  return gridLevels(space.map(countOf), trials).reduce((product, level) => product * level, 1);
}

/** All combinations of evenly spaced values; the last key first. */
export const grid: Sampler = ({ space, first, count, total }) => {
  const levels = gridLevels(space.map(countOf), total);
  return Array.from({ length: count }, (_, i) => {
    let rest = first + i;
    const point = new Array<number>(levels.length);
    for (let d = levels.length - 1; d >= 0; d--) {
      const level = levels[d]!;
      point[d] = gridPlaces(level)[rest % level]!;
      rest = Math.floor(rest / level);
    }
    return point;
  });
};
