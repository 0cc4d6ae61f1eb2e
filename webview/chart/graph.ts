import {
  Chart,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  type Scale,
} from 'chart.js';
import {
  linearTicks,
  linearTickTexts,
  logTicks,
  tickTexts,
  xTicks,
  xTickText,
} from '../../core/report/chart/ticks.ts';
import { css } from '../color.ts';
import type { Axis } from '../format.ts';
import type { Theme } from '../theme.ts';
import type { Content, Line } from './content.ts';

Chart.register(Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement);

/** Width of the vertical axis, the same in all panels so that they align. Pixels. */
export const AXIS_WIDTH = 44;
/** Room above the plot for dots and half a tick label. Pixels. */
const TOP = 10;

export const FONT_SIZE = 11;

/** The horizontal axis, which all panels share. */
export interface Horizontal {
  axis: Axis;
  max: number;
  /** Room right of the plot for labels. Pixels. */
  right: number;
}

/** Chart.js, set up for what the panels need: lines on a linear or logarithmic axis, drawn at once. */
export class Graph {
  readonly #chart: Chart<'line'>;
  #content: Content | null = null;
  #horizontal: Horizontal = { axis: 'epochs', max: 1, right: 16 };
  #theme: Theme;

  constructor(canvas: HTMLCanvasElement, theme: Theme, drawn: () => void) {
    this.#theme = theme;
    const band: Plugin<'line'> = { id: 'band', beforeDatasetsDraw: () => this.#drawBand() };
    const backdrop: Plugin<'line'> = {
      id: 'backdrop',
      beforeDatasetsDraw: () => this.#drawBackdrop(),
    };
    const after: Plugin<'line'> = { id: 'drawn', afterDraw: drawn };
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [band, backdrop, after],
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: TOP } },
        elements: { point: { hitRadius: 0, hoverRadius: 0 } },
        // Until something is drawn.
        scales: { x: { type: 'linear', display: false }, y: { type: 'linear', display: false } },
        datasets: { line: { clip: 4, tension: 0, pointBorderWidth: 0 } },
      },
    });
  }

  draw(content: Content, horizontal: Horizontal, theme: Theme): void {
    this.#content = content;
    this.#horizontal = horizontal;
    this.#theme = theme;
    const [min, max] = content.range ?? (content.scale === 'log' ? [0.1, 10] : [0, 1]);
    const text = { color: css(theme.dim), font: { family: theme.font, size: FONT_SIZE } };
    const chart = this.#chart;
    let texts: string[] = [];
    chart.options.layout!.padding = { top: TOP, right: horizontal.right };
    chart.options.scales = {
      x: {
        type: 'linear',
        min: 0,
        max: horizontal.max,
        border: { color: css(theme.grid) },
        grid: { display: false },
        ticks: {
          ...text,
          autoSkip: false,
          maxRotation: 0,
          callback: (value) => xTickText(Number(value), horizontal.axis, horizontal.max),
        },
        afterBuildTicks: (scale: Scale) => {
          const count = Math.max(2, Math.min(10, Math.floor(scale.width / 90)));
          scale.ticks = xTicks(horizontal.axis, horizontal.max, count).map((value) => ({ value }));
        },
      },
      y: {
        type: content.scale === 'log' ? 'logarithmic' : 'linear',
        min,
        max,
        display: true,
        border: { display: false },
        grid: { color: css(theme.grid), lineWidth: 1, drawTicks: false, tickLength: 0 },
        ticks: {
          ...text,
          display: content.range !== null,
          autoSkip: false,
          padding: 8,
          callback: (_, i) => texts[i] ?? '',
        },
        afterBuildTicks: (scale: Scale) => {
          const count = Math.max(2, Math.min(6, Math.floor(scale.chart.height / 42)));
          const log = content.scale === 'log';
          const ticks = (log ? logTicks : linearTicks)(min, max, count);
          texts = (log ? tickTexts : linearTickTexts)(ticks);
          scale.ticks = ticks.map((value) => ({ value }));
        },
        afterFit: (scale: Scale) => {
          scale.width = AXIS_WIDTH;
        },
      },
    };
    chart.data.datasets = content.lines.map((line) => this.#dataset(line));
    chart.update('none');
  }

  #dataset(line: Line): ChartDataset<'line', { x: number; y: number }[]> {
    const { scale, range, gaps, lines } = this.#content!;
    const gap = gaps.find(({ between }) => between[1] === line);
    const floor = range?.[0] ?? 0;
    const data = Array.from(line.x, (x, i) => {
      const y = line.y[i]!;
      // a logarithm has no place for zero: it lies on the floor; NaN and infinities break the line
      if (!Number.isFinite(y)) return { x, y: Number.NaN };
      return { x, y: scale === 'log' && y <= 0 ? floor : y };
    });
    const [r, g, b] = line.color.map(Math.round);
    const color = `rgba(${r}, ${g}, ${b}, ${line.opacity})`;
    return {
      data,
      showLine: line.joined,
      borderColor: color,
      borderWidth: line.width,
      borderDash: [...line.dash],
      borderJoinStyle: 'round',
      pointRadius: line.dots ? 2.2 : 0,
      pointBackgroundColor: color,
      fill: gap
        ? { target: lines.indexOf(gap.between[0]), above: css(gap.color), below: css(gap.color) }
        : false,
    };
  }

  #drawBand(): void {
    const band = this.#content?.band;
    if (!band || !this.#content!.range) return;
    const { ctx, chartArea: area } = this.#chart;
    const top = this.y(band.to);
    const bottom = this.y(band.from);
    ctx.save();
    ctx.fillStyle = css(band.color);
    ctx.globalAlpha = 0.1;
    ctx.fillRect(area.left, top, area.width, bottom - top);
    if (this.#theme.highContrast) {
      ctx.globalAlpha = 1;
      ctx.strokeStyle = css(band.color);
      ctx.setLineDash([2, 4]);
      ctx.strokeRect(area.left, top, area.width, bottom - top);
    }
    ctx.restore();
  }

  /** Without Chart.js: a thousand of its datasets take a second. */
  #drawBackdrop(): void {
    const { backdrop, range, scale } = this.#content ?? {};
    if (!backdrop || !range) return;
    const { ctx, chartArea: area } = this.#chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    ctx.clip();
    ctx.lineWidth = 1;
    for (const [i, { x, y, color, opacity }] of backdrop.entries()) {
      const last = backdrop[i - 1];
      // Lines that look alike are one path: each stroke costs.
      if (last?.color !== color || last.opacity !== opacity) {
        if (last) ctx.stroke();
        ctx.strokeStyle = css(color);
        ctx.globalAlpha = opacity;
        ctx.beginPath();
      }
      let joins = false;
      for (let k = 0; k < y.length; k++) {
        const shows = Number.isFinite(y[k]!) && (scale !== 'log' || y[k]! > 0);
        if (shows && joins) ctx.lineTo(this.x(x[k]!), this.y(y[k]!));
        else if (shows) ctx.moveTo(this.x(x[k]!), this.y(y[k]!));
        joins = shows;
      }
    }
    ctx.stroke();
    ctx.restore();
  }

  /** The plot's edges in the canvas, in CSS pixels; all zero before the first layout. */
  get area(): { left: number; right: number; top: number; bottom: number } {
    return this.#chart.chartArea ?? { left: 0, right: 0, top: 0, bottom: 0 };
  }

  x(value: number): number {
    return this.#chart.scales.x!.getPixelForValue(value);
  }

  /** Values that are not on the axis lie on its edge. */
  y(value: number): number {
    const { top, bottom } = this.area;
    const positive = this.#content?.scale !== 'log' || value > 0;
    const pixel = positive ? this.#chart.scales.y!.getPixelForValue(value) : bottom;
    return Math.max(top, Math.min(bottom, pixel));
  }

  valueAt(pixel: number): number {
    const value = this.#chart.scales.x!.getValueForPixel(pixel)!;
    return Math.max(0, Math.min(this.#horizontal.max, value));
  }
}
