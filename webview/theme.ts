import { type Color, mix, readable } from './color.ts';

/** The colors of the view, each with one meaning, from the theme of the editor. */
export interface Theme {
  background: Color;
  foreground: Color;
  /** Axis labels, units, other runs. */
  dim: Color;
  grid: Color;
  train: Color;
  validation: Color;
  /** Where a value is as wanted. */
  good: Color;
  error: Color;
  warning: Color;
  /** Runs that do not have the focus. */
  other: Color;
  /** Layers lie on a ramp of one hue, from the first color (first layer) to the second. */
  layers: readonly [Color, Color];
  font: string;
  highContrast: boolean;
}

/** Contrast of lines and of text with their background: WCAG 2.2, AA and for high contrast AAA. */
const CONTRAST = { line: 3, text: 4.5 };
const HIGH_CONTRAST = { line: 4.5, text: 7 };

const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;

/** Any CSS color over `background`, as three numbers. */
function resolve(value: string, background: Color): Color {
  probe.fillStyle = `rgb(${background.join(' ')})`;
  probe.fillRect(0, 0, 1, 1);
  probe.fillStyle = value;
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
  return [r!, g!, b!];
}

/**
 * The color itself, however transparent the theme makes it: the default themes' orange is a highlight
 * to lie behind text, half transparent; as a line it would be brown.
 */
function opaque(value: string): Color {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = value;
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
  return [r!, g!, b!];
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const variable = (name: string) => style.getPropertyValue(`--vscode-${name}`).trim();
  const dark = !/vscode-(high-contrast-)?light/.test(document.body.className);
  const base: Color = dark ? [0, 0, 0] : [255, 255, 255];
  const background = resolve(variable('editor-background'), base);
  const color = (name: string) => resolve(variable(name), background);
  const foreground = color('foreground');
  const chart = (name: string) => opaque(variable(`charts-${name}`));
  const purple = chart('purple');
  const highContrast = document.body.classList.contains('vscode-high-contrast');
  const { line, text } = highContrast ? HIGH_CONTRAST : CONTRAST;
  const clear = (of: Color) => readable(of, background, foreground, line);
  return {
    background,
    foreground,
    dim: readable(
      resolve(style.getPropertyValue('--dim'), background),
      background,
      foreground,
      text,
    ),
    grid: mix(background, foreground, highContrast ? 0.3 : 0.1),
    train: clear(chart('blue')),
    validation: clear(chart('orange')),
    good: clear(chart('green')),
    error: clear(chart('red')),
    warning: clear(chart('yellow')),
    other: clear(mix(background, foreground, 0.3)),
    layers: [clear(mix(purple, background, 0.15)), mix(purple, foreground, 0.7)],
    font: variable('font-family') || 'sans-serif',
    highContrast,
  };
}

/** A line's color, made readable as text. */
export function textColor(color: Color, theme: Theme): Color {
  const { text } = theme.highContrast ? HIGH_CONTRAST : CONTRAST;
  return readable(color, theme.background, theme.foreground, text);
}

/** A color of our own, made to stand out as a line or a dot. */
export function lineColor(color: Color, theme: Theme): Color {
  const { line } = theme.highContrast ? HIGH_CONTRAST : CONTRAST;
  return readable(color, theme.background, theme.foreground, line);
}

/** VS Code changes the variables on the root and a class on the body when the theme changes. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'style'] });
}
