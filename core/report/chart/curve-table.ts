import { type Axis, position } from '../format.ts';
import type { Content, Line } from './content.ts';
import type { Cell, Digest, Table } from './table.ts';

const HEADS: { [A in Axis]: string } = {
  epochs: 'epoch',
  steps: 'step',
  time: 'time (s)',
  layers: 'layer',
};

type Lines = Pick<Content, 'format'> & { lines: readonly Pick<Line, 'name' | 'x' | 'y'>[] };

/** Every point of a chart: a row each, curve after curve. */
export function curveTable(title: string, content: Lines, axis: Axis): Table {
  const rows: Cell[][] = [];
  for (const { name, x, y } of content.lines)
    for (let i = 0; i < y.length; i++) rows.push([name, x[i]!, y[i]!]);
  return {
    title,
    columns: ['curve', HEADS[axis], title],
    rows,
    digest: curveDigest(content, axis),
  };
}

/** Each curve's first, lowest, highest and latest value. */
export function curveDigest({ lines, format }: Lines, axis: Axis): Digest {
  return {
    columns: ['curve', 'first', 'lowest', 'highest', 'latest'],
    rows: lines
      .filter(({ y }) => y.length > 0)
      .map(({ name, x, y }) => {
        const cell = (i: number) =>
          i < 0 ? 'none' : `${format(y[i]!)} at ${position(x[i]!, axis)}`;
        const [low, high] = extremes(y);
        return [name, ...[0, low, high, y.length - 1].map(cell)];
      }),
  };
}

/** Where the finite values are lowest and highest; -1 where none is. */
function extremes(y: Float64Array): [number, number] {
  let low = -1;
  let high = -1;
  y.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    if (low < 0 || value < y[low]!) low = i;
    if (high < 0 || value > y[high]!) high = i;
  });
  return [low, high];
}
