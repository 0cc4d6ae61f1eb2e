import type { Content } from './chart/content.ts';
import { curveDigest } from './chart/curve-table.ts';
import { chartSvg, type Ink } from './chart/svg.ts';
import type { Cell, Digest } from './chart/table.ts';
import { thin } from './chart/thin.ts';
import { type Axis, exact } from './format.ts';
import { type Markup, markup, Markup as Text } from './markup.ts';

/** The colors of the page, as its style sheet names them. */
export const INK: Ink<string> = {
  of: (color) => color,
  text: (color) => color,
  background: null,
  foreground: 'var(--foreground)',
  dim: 'var(--dim)',
  grid: 'var(--grid)',
  error: 'var(--error)',
  font: 'inherit',
};

/** Points of all curves of a chart together: the page stays small, whatever was trained. */
const MOST_POINTS = 24_000;
const STRETCHES = { least: 24, most: 350 };

/** A chart with its numbers below it. */
export function chartFigure(
  title: string,
  content: Content,
  frame: { width: number; height: number; axis: Axis; max: number },
): Markup {
  const lines = content.lines.length;
  const stretches = Math.floor(MOST_POINTS / 3 / Math.max(1, lines));
  const most = Math.max(STRETCHES.least, Math.min(STRETCHES.most, stretches));
  const thinned = new Map(content.lines.map((line) => [line, { ...line, ...thin(line, most) }]));
  const shown: Content = {
    ...content,
    lines: [...thinned.values()],
    gaps: content.gaps.map((gap) => ({
      ...gap,
      between: [thinned.get(gap.between[0])!, thinned.get(gap.between[1])!],
    })),
  };
  const picture = new Text(chartSvg(title, shown, frame, INK, false));
  return figure(title, content.note, picture, curveDigest(content, frame.axis));
}

/** A picture with its title, and the numbers that it shows. */
export function figure(title: string, note: string, picture: Markup, numbers: Digest): Markup {
  return markup`<figure><figcaption><h3>${title}</h3> <span class="dim">${note}</span></figcaption>
${picture}
${details('Numbers', tableOf(numbers))}</figure>
`;
}

export function details(title: string, content: Markup): Markup {
  return markup`<details><summary>${title}</summary>${content}</details>`;
}

/** The first cell of a row is what the row is about. */
export function tableOf({ columns, rows }: Digest): Markup {
  const heads = columns.map((head) => markup`<th scope="col">${head}</th>`);
  const body = rows.map(([first, ...cells]) => {
    const rest = cells.map((cell) => markup`<td>${textOf(cell)}</td>`);
    return markup`<tr><th scope="row">${textOf(first ?? null)}</th>${rest}</tr>\n`;
  });
  return markup`<div class="wide"><table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** What is told without a picture: what something is, and its value. */
export function facts(entries: readonly (readonly [name: string, value: string])[]): Markup {
  const rows = entries.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`);
  return markup`<dl>${rows}</dl>`;
}

/** Why something is not there. */
export const missing = (text: string): Markup => markup`<p class="missing">${text}</p>`;

const textOf = (cell: Cell) => (typeof cell === 'number' ? exact(cell) : (cell ?? '–'));
