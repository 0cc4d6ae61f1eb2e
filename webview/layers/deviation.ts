import { FONT_SIZE } from '../chart/graph.ts';
import { type Color, css } from '../color.ts';
import type { Theme } from '../theme.ts';
import { sized } from './canvas.ts';

export interface Deviation {
  label: string;
  mean: number;
  std: number;
  color: Color;
}

const LABEL_WIDTH = 30;

/** Means as dots and deviations as whiskers, over one range for all moments. */
export function drawDeviations(
  canvas: HTMLCanvasElement,
  lines: readonly Deviation[],
  [from, to]: readonly [number, number],
  theme: Theme,
): void {
  const place = sized(canvas);
  if (!place) return;
  const { context, width, height } = place;
  const plot = width - LABEL_WIDTH - 6;
  const x = (value: number) =>
    LABEL_WIDTH + 3 + Math.max(0, Math.min(1, (value - from) / (to - from || 1))) * plot;
  context.font = `${FONT_SIZE}px ${theme.font}`;
  context.textBaseline = 'middle';
  for (const [i, { label, mean, std, color }] of lines.entries()) {
    const y = (height * (i + 0.5)) / lines.length;
    context.fillStyle = css(theme.dim);
    context.fillText(label, 0, y);
    if (!Number.isFinite(mean) || !Number.isFinite(std)) continue;
    context.strokeStyle = css(color);
    context.fillStyle = css(color);
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x(mean - std), y);
    context.lineTo(x(mean + std), y);
    context.stroke();
    context.beginPath();
    context.arc(x(mean), y, 3, 0, 2 * Math.PI);
    context.fill();
  }
}
