import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { curveTable } from '../../../core/report/chart/curve-table.ts';
import { csvOf, markdownOf, type Table } from '../../../core/report/chart/table.ts';
import { exact } from '../../../core/report/format.ts';

const table = (rows: Table['rows'], digest: Table['digest'] = null): Table => ({
  title: 'Loss',
  columns: ['curve', 'time (s)'],
  rows,
  digest,
});

describe('CSV', () => {
  it('has numbers in full, what is not finite as such, and heads', () => {
    const rows = [
      ['train', 0.1 + 0.2],
      ['train', Number.NaN],
      ['train', Number.POSITIVE_INFINITY],
      ['train', Number.NEGATIVE_INFINITY],
      ['train', null],
      ['train', 5e-324],
    ];
    expect(csvOf(table(rows))).toBe(
      'curve,time (s)\r\ntrain,0.30000000000000004\r\ntrain,NaN\r\ntrain,Infinity\r\ntrain,-Infinity\r\ntrain,\r\ntrain,5e-324\r\n',
    );
  });

  it('is read back as it was, whatever stands in its cells', () => {
    const cells = ['a,b', 'say "hi"', 'two\nlines', ' edge ', 'żółw', ''];
    const read = parse(csvOf(table(cells.map((cell) => [cell, 'x']))), { from: 2 }) as string[][];
    expect(read.map(([first]) => first)).toEqual(cells);
  });
});

describe('Markdown', () => {
  it('is a table that cells cannot break out of', () => {
    const text = markdownOf(table([['a|b\nc <script>', 1]]));
    expect(text).toBe(
      '**Loss**\n\n| curve | time (s) |\n| --- | --- |\n| a\\|b c \\<script\\> | 1 |\n',
    );
  });

  it('tells the digest of what is long, and how much it leaves out where there is none', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ['train', i]);
    const digest = { columns: ['curve', 'latest'], rows: [['train', '99 at epoch 1']] };
    const short = markdownOf(table(rows, digest));
    expect(short).toContain('| train | 99 at epoch 1 |');
    expect(short.split('\n')).toHaveLength(6);
    const cut = markdownOf(table(rows));
    expect(cut).toContain('| train | 59 |');
    expect(cut).not.toContain('| train | 60 |');
    expect(cut).toContain('40 more rows are in the CSV.');
  });
});

it('a table of curves has every point, its digest the first, extremes and latest', () => {
  const line = (name: string, y: number[]) => ({
    name,
    x: Float64Array.from(y, (_, i) => i + 1),
    y: Float64Array.from(y),
  });
  const lines = [
    line('train', [3, Number.NaN, 1, 2]),
    line('none', []),
    line('broken', [Number.NaN]),
  ];
  const { columns, rows, digest } = curveTable('Loss', { lines, format: exact }, 'epochs');
  expect(columns).toEqual(['curve', 'epoch', 'Loss']);
  expect(rows).toEqual([
    ['train', 1, 3],
    ['train', 2, Number.NaN],
    ['train', 3, 1],
    ['train', 4, 2],
    ['broken', 1, Number.NaN],
  ]);
  expect(digest!.rows).toEqual([
    ['train', '3 at epoch 1', '1 at epoch 3', '3 at epoch 1', '2 at epoch 4'],
    ['broken', 'NaN at epoch 1', 'none', 'none', 'NaN at epoch 1'],
  ]);
});
