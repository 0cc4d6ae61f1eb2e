/** How every message tells a number: short, for people. */

/** To three significant digits, or to so many: 12.3, 0.05, 9.81e8, 3e-6. */
export function number(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const isPlain = !Number.isFinite(size) || size === 0 || (size >= 1e-4 && size < 1e6);
  return isPlain ? String(rounded) : rounded.toExponential().replace('e+', 'e');
}

/** To one significant digit: a number one would write oneself. */
export function rounded(value: number): number {
  return Number(value.toPrecision(1));
}

/** A share: 33 %; with two digits below ten, 4.2 % or 0.037 %; never all of it where some is left, 99.9 %. */
export function percent(share: number): string {
  const value = 100 * share;
  const size = Math.abs(value);
  if (size < 9.95) return `${number(value, 2)} %`;
  return `${size >= 99.5 && size < 100 ? Math.floor(10 * value) / 10 : Math.round(value)} %`;
}
