import type { RangesNow } from '../../core/events/sweep-event.ts';
import {
  linearTicks,
  linearTickTexts,
  logTicks,
  tickTexts,
} from '../../core/report/chart/ticks.ts';
import { gridLevels, gridPlaces } from '../../core/sweep/samplers/grid.ts';
import { short } from '../format.ts';
import type { SearchedKey } from './protocol.ts';

/** The place of a value on the axis of a key: 0 … 1 within its range. A choice, or a whole number, has the middle of its share. */
export function unitOf({ kind, low, high }: SearchedKey, value: number): number {
  if (kind === 'log') return Math.log(value / low) / Math.log(high / low);
  if (kind === 'uniform') return (value - low) / (high - low);
  return (value - low + 0.5) / (high - low + 1);
}

/** The value at a place of the axis. */
export function valueAt({ kind, low, high }: SearchedKey, unit: number): number {
  if (kind === 'log') return low * (high / low) ** unit;
  if (kind === 'uniform') return low + unit * (high - low);
  return Math.max(low, Math.min(high, Math.floor(low + unit * (high - low + 1))));
}

/** As people read it: 3.16e-3, 40, relu. */
export function valueText({ kind, choices }: SearchedKey, value: number): string {
  return kind === 'choice' ? (choices[value] ?? '–') : short(value);
}

export interface Tick {
  unit: number;
  text: string;
}

/** About `count` of the axis of a key; all of a choice. */
export function ticksOf(key: SearchedKey, count: number): Tick[] {
  const { kind, low, high, choices } = key;
  if (kind === 'choice') return choices.map((text, i) => ({ unit: unitOf(key, i), text }));
  if (kind === 'log') {
    const ticks = logTicks(low, high, count);
    const texts = tickTexts(ticks);
    return ticks.map((tick, i) => ({ unit: unitOf(key, tick), text: texts[i]! }));
  }
  const ticks = linearTicks(low, high, count).filter(
    (tick) => kind !== 'int' || Number.isInteger(tick),
  );
  const texts = linearTickTexts(ticks);
  return ticks.map((tick, i) => ({ unit: unitOf(key, tick), text: texts[i]! }));
}

/** The last part of a path says most: learningRate. Where two end alike, all of it. */
export function keyName(key: string, all: readonly SearchedKey[]): string {
  const last = (path: string) => path.split('.').at(-1)!;
  const name = last(key);
  const isUsed = all.some((other) => other.key !== key && last(other.key) === name);
  return isUsed || /^\d+$/.test(name) || name.length < 3 ? key : name;
}

/** The places of the values that a grid of so many trials would try, of each key; `ranges` are where it would look. */
export function gridOf(
  keys: readonly SearchedKey[],
  trials: number,
  ranges: RangesNow,
): number[][] {
  const searched = keys.map((key): SearchedKey => {
    const range = ranges[key.key];
    return key.kind !== 'choice' && range && 'low' in range ? { ...key, ...range } : key;
  });
  const isCounted = ({ kind }: SearchedKey) => kind === 'int' || kind === 'choice';
  const most = searched.map((key) =>
    isCounted(key) ? key.high - key.low + 1 : Number.POSITIVE_INFINITY,
  );
  return gridLevels(most, trials).map((level, k) =>
    gridPlaces(level).map((place) => unitOf(keys[k]!, valueAt(searched[k]!, place))),
  );
}
