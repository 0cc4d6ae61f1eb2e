import type { XAxis } from '../events/series.ts';

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function special(value: number): string | null {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '∞';
  return value === Number.NEGATIVE_INFINITY ? '-∞' : null;
}

const shortExponent = (text: string) => text.replace('e+', 'e');

/** Up to six significant digits: what hovering reads. */
export function exact(value: number): string {
  const size = Math.abs(value);
  const short = Number(value.toPrecision(6));
  const scientific = size !== 0 && (size < 1e-3 || size >= 1e7);
  return special(value) ?? (scientific ? shortExponent(short.toExponential()) : String(short));
}

/** Three significant digits, zeros kept, so that a changing number keeps its width. */
export function brief(value: number): string {
  const size = Math.abs(value);
  const name = special(value);
  if (name) return name;
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e6) return shortExponent(value.toExponential(1));
  return size >= 100 ? counts.format(value) : value.toPrecision(3);
}

/** Up to three significant digits, no zeros at the end: 3, -0.53, 1.2e-5. */
export function short(value: number): string {
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(3));
  const scientific = size !== 0 && (size < 1e-3 || size >= 1e6);
  return special(value) ?? (scientific ? shortExponent(rounded.toExponential()) : String(rounded));
}

/** An accuracy or R². */
export const quality = (value: number): string => special(value) ?? value.toFixed(3);

/** As people write learning rates: 1e-2, 3.16e-3, 0 and 2 as they are. */
export function rate(value: number): string {
  const name = special(value);
  if (name) return name;
  const short = Number(value.toPrecision(3));
  return short === 0 || Math.abs(short) >= 1 ? shortExponent(String(short)) : short.toExponential();
}

export const count = (value: number): string => special(value) ?? counts.format(value);

/** Three significant digits of a speed: 41,800. */
export const speed = (value: number): string =>
  special(value) ?? counts.format(Number(value.toPrecision(3)));

export function duration(seconds: number): string {
  const name = special(seconds);
  if (name) return name;
  if (seconds < 1) return '< 1 s';
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  const minutes = Math.round(s / 60);
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

/** What the x axis of a graph counts. */
export type Axis = XAxis | 'layers';

/** A place on the x axis, in words. */
export function position(x: number, axis: Axis): string {
  if (axis === 'layers') return x === 0 ? 'input' : `layer ${x}`;
  if (axis === 'epochs') return `epoch ${Number(x.toFixed(2))}`;
  return axis === 'steps' ? `step ${counts.format(x)}` : `${Number(x.toFixed(2))} s`;
}

/** A run's own part of a display name such as "digits · run 7". */
export const shortName = (name: string): string => name.split(' · ').at(-1)!;
