/** Red, green and blue, each 0 … 255. */
export type Color = readonly [number, number, number];

export const css = ([r, g, b]: Color): string =>
  `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`;

/** `amount` of `b`, the rest of `a`. */
export function mix(a: Color, b: Color, amount: number): Color {
  const part = (i: 0 | 1 | 2) => a[i] + (b[i] - a[i]) * amount;
  return [part(0), part(1), part(2)];
}

/** Relative luminance, WCAG 2.2. */
function luminance(color: Color): number {
  const [r, g, b] = color.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** Contrast ratio, WCAG 2.2: 1 … 21. */
export function contrast(a: Color, b: Color): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

/** `color` moved towards `foreground` just as far as it takes to stand out from `background`. */
export function readable(color: Color, background: Color, foreground: Color, ratio: number): Color {
  for (let amount = 0; amount < 1; amount += 0.05) {
    const candidate = mix(color, foreground, amount);
    if (contrast(candidate, background) >= ratio) return candidate;
  }
  return foreground;
}
