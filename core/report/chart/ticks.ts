import type { Axis } from '../format.ts';

/** The smallest 1, 2 or 5 times a power of ten that is at least `step`. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((f) => f * power >= step * (1 - 1e-9))!;
  return factor * power;
}

function multiples(step: number, min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) {
    // 3 · 0.1 is 0.30000000000000004
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

/** Round numbers in [min, max], at most about `count` of them. */
export function linearTicks(min: number, max: number, count: number): number[] {
  return max > min ? multiples(niceStep((max - min) / count), min, max) : [min];
}

/** The first and the last of round numbers that enclose the values. */
export function roundBounds(min: number, max: number, count: number): [number, number] {
  if (!(max > min)) return max === 0 ? [0, 1] : [Math.min(0, max * 2), Math.max(0, max * 2)];
  const step = niceStep((max - min) / count);
  return [
    Number((Math.floor(min / step + 1e-9) * step).toPrecision(12)),
    Number((Math.ceil(max / step - 1e-9) * step).toPrecision(12)),
  ];
}

const MANTISSAS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];

/** Powers of ten in [min, max], thinned or refined to at most `count`; round numbers in a narrow range. */
export function logTicks(min: number, max: number, count: number): number[] {
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  const between = (mantissas: number[]) => {
    const ticks: number[] = [];
    for (let e = first; e <= last; e++) {
      for (const m of mantissas) {
        const tick = Number(`${m}e${e}`);
        if (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9)) ticks.push(tick);
      }
    }
    return ticks;
  };
  const best = MANTISSAS.map(between).findLast(
    (ticks) => ticks.length <= count && ticks.length > 1,
  );
  if (best) return best;
  if (max / min < 10) return linearTicks(min, max, count);
  const stride = Math.ceil((last - first + 1) / count);
  return between([1]).filter((tick) => Math.round(Math.log10(tick)) % stride === 0);
}

const TIME_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

export function xTicks(axis: Axis, max: number, count: number): number[] {
  const wanted = max / count;
  if (axis !== 'time') return linearTicks(0, max, axis === 'steps' ? count : Math.min(count, max));
  return multiples(
    TIME_STEPS.find((step) => step >= wanted) ?? niceStep(wanted / 3600) * 3600,
    0,
    max,
  );
}

const counts = new Intl.NumberFormat('en-US');

/** As many decimals as the finest tick needs; all as powers of ten where one is below 0.001. */
export function tickTexts(ticks: readonly number[]): string[] {
  const sizes = ticks.map(Math.abs).filter((size) => size > 0);
  if (sizes.some((size) => size < 0.001 || size >= 1e6)) {
    return ticks.map((t) => (t === 0 ? '0' : t.toExponential().replace('e+', 'e')));
  }
  return ticks.map((tick) => counts.format(tick));
}

/** The same for evenly spaced ticks, which show the same number of decimals. */
export function linearTickTexts(ticks: readonly number[]): string[] {
  const decimals = Math.max(...tickTexts(ticks).map((text) => text.split('.')[1]?.length ?? 0));
  return tickTexts(ticks).map((text, i) =>
    text.includes('e') || ticks[i] === 0
      ? text
      : ticks[i]!.toLocaleString('en-US', { minimumFractionDigits: decimals }),
  );
}

export function xTickText(value: number, axis: Axis, max: number): string {
  if (axis !== 'time' || value === 0) return counts.format(value);
  if (max < 300) return `${counts.format(value)} s`;
  return max < 7200 ? `${counts.format(value / 60)} min` : `${counts.format(value / 3600)} h`;
}
