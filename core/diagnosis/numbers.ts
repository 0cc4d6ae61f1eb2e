/** Short, for people: 12.3, 0.05, 9.81e8, 3e-6. */
export function number(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e6);
  return isPlain ? String(rounded) : rounded.toExponential().replace('e+', 'e');
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
