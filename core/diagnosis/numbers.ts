/** Short, for people: 3.4e+38, 12.3. */
export function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
