import type { ScheduleConfig, Shape } from './schedule.ts';

/** PyTorch's OneCycleLR: the share of the updates in which the rate rises, and the two low ends. */
const RISE = 0.3;
const START = 1 / 25;
const END = START / 1e4;

/**
 * Smith and Topin 2018, as PyTorch's OneCycleLR has it without its cycle of momentum: along cosines
 * from 1/25 up to 1 and down to 1/250,000, which the last update has.
 */
export const oneCycle: Shape<Extract<ScheduleConfig, { type: 'oneCycle' }>> = (
  _config,
  { updates, total },
) => {
  const top = RISE * total - 1;
  const last = total - 1;
  if (updates <= top) return between(START, 1, updates / top);
  return between(1, END, Math.min(1, (updates - top) / (last - top)));
};

/** Along half a cosine wave; a fraction that is no number stands for a cycle of one update. */
function between(from: number, to: number, fraction: number): number {
  if (Number.isNaN(fraction)) return to;
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * fraction));
}
