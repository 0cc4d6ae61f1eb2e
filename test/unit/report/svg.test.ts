import { describe, expect, it } from 'vitest';
import type { Content, Line } from '../../../core/report/chart/content.ts';
import { SvgPen, svgOf } from '../../../core/report/chart/pen.ts';
import { drawRidges, evenly } from '../../../core/report/chart/ridges.ts';
import { chartSvg, type Ink } from '../../../core/report/chart/svg.ts';
import { thin } from '../../../core/report/chart/thin.ts';
import { line } from '../../../core/report/curves/lines.ts';
import { exact } from '../../../core/report/format.ts';

const INK: Ink<string> = {
  of: (color) => color,
  text: (color) => color,
  background: '#fff',
  foreground: '#000',
  dim: '#666',
  grid: '#ddd',
  error: '#f00',
  font: 'sans "serif"',
};
const FRAME = { width: 404, height: 230, axis: 'epochs' as const, max: 4 };

function curve(y: number[], change: Partial<Line> = {}): Line {
  const x = Float64Array.from(y, (_, i) => i);
  return line('train', { x, y: Float64Array.from(y) }, 'blue', change);
}

function content(change: Partial<Content> & { lines: Line[] }): Content {
  return {
    ...{ scale: 'linear', range: [0, 4], format: exact, note: 'a note', band: null, gaps: [] },
    ...change,
  };
}

/** Corners of the path of this color, in pixels of the plot: absolute. */
function pointsOf(svg: string, color: string): [number, number][][] {
  const [, d = ''] = new RegExp(`<path d="([^"]*)"[^>]*stroke="${color}"`).exec(svg) ?? [];
  return d
    .split('M')
    .slice(1)
    .map((run) => {
      let [x, y] = [0, 0];
      return run.split('l').map((step, i): [number, number] => {
        const [dx, dy] = step.split(' ').map(Number) as [number, number];
        [x, y] = i === 0 ? [dx, dy] : [x + dx, y + dy];
        return [x, y];
      });
    });
}

describe('a chart', () => {
  const draw = (change: Partial<Content> & { lines: Line[] }) =>
    chartSvg('Loss', content(change), FRAME, INK, false);

  it('puts each point where its value is', () => {
    // The plot is 404 − 44 − 16 pixels wide and 230 − 10 − 20 high.
    const [run] = pointsOf(draw({ lines: [curve([4, 3, 2, 1, 0])] }), 'blue');
    for (const [i, [x, y]] of run!.entries()) {
      expect(x).toBeCloseTo((344 * i) / 4, 0);
      expect(y).toBeCloseTo(50 * i, 0);
    }
  });

  it('has decades of equal height on a logarithmic axis, and zero on its floor', () => {
    const lines = [curve([100, 10, 1, 0])];
    const [run] = pointsOf(draw({ lines, scale: 'log', range: [1, 100] }), 'blue');
    expect(run!.map(([, y]) => Math.round(y))).toEqual([0, 100, 200, 200]);
  });

  it('breaks a curve where it is not finite, and says so', () => {
    const lines = [curve([1, Number.NaN, Number.POSITIVE_INFINITY, 2, 3], { alarm: 'loss' })];
    const svg = draw({ lines });
    expect(pointsOf(svg, 'blue').map(({ length }) => length)).toEqual([1, 2]);
    expect(svg).toContain('✕ loss is NaN');
    expect(svg).not.toMatch(/(NaN|Infinity)[ "]/);
  });

  it('stands alone with its title and note, whatever letters are in them', () => {
    const lines = [curve([1, 2], { label: '<b>&' })];
    const svg = chartSvg('a "<script>"', content({ lines }), FRAME, INK, true);
    expect(svg).toContain('<title>a &quot;&lt;script&gt;&quot;</title>');
    expect(svg).toContain('>a note</text>');
    expect(svg).toContain('>&lt;b&gt;&amp;</text>');
    expect(svg).toContain('<rect width="404" height="230" fill="#fff"/>');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
  });

  it('leaves room for its longest label, and draws nothing of nothing', () => {
    const label = 'a label of some length';
    const long = pointsOf(draw({ lines: [curve([1, 1, 1, 1, 1], { label })] }), 'blue');
    expect(long[0]!.at(-1)![0]).toBeLessThan(344 - label.length * 5);
    const empty = draw({ lines: [], range: null });
    expect(empty).not.toContain('NaN');
    expect(empty).toContain('</svg></svg>');
  });
});

describe('a thinned curve', () => {
  it('keeps the extremes, the first that is not finite, and the end', () => {
    const y = Float64Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 500));
    y[1234] = 50;
    y[5678] = -50;
    y[7000] = Number.NaN;
    const x = y.map((_, i) => i);
    const few = thin({ x, y }, 100);
    expect(few.y.length).toBeLessThanOrEqual(301);
    const at = (value: number) => few.x[few.y.findIndex((one) => Object.is(one, value))];
    expect([at(50), at(-50), at(Number.NaN)]).toEqual([1234, 5678, 7000]);
    expect(few.x.at(-1)).toBe(9999);
    expect(few.x).toEqual(few.x.toSorted());
  });

  it('is itself where it is short', () => {
    const points = { x: Float64Array.of(1, 2), y: Float64Array.of(3, 4) };
    expect(thin(points, 1)).toEqual(points);
  });
});

describe('ridges', () => {
  it('stand one behind another, the latest in front', () => {
    const density = Uint8Array.from({ length: 20 * 4 }, (_, i) => i);
    const picture = { from: -1, to: 1, columns: 4, density, full: 1 };
    const pen = new SvgPen();
    drawRidges(pen, { width: 100, height: 50 }, picture, 19, {
      front: 'red',
      behind: (nearness) => `grey${nearness}`,
      background: 'white',
      zero: 'green',
    });
    const strokes = [...pen.markup.matchAll(/stroke="([a-z\d.]+)"/g)].map(([, color]) => color);
    expect(strokes).toHaveLength(10);
    expect([strokes[0], strokes.at(-1)]).toEqual(['green', 'red']);
    expect(svgOf('a & b', 100, 50, pen.markup)).toContain('aria-label="a &amp; b"');
  });

  it('are chosen evenly, the last among them', () => {
    expect(evenly(0, 9)).toEqual([0]);
    expect(evenly(3, 9)).toEqual([0, 1, 2, 3]);
    expect(evenly(200, 5)).toEqual([0, 50, 100, 150, 200]);
  });
});
