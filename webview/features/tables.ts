import type { Filters } from '../../core/inspection/filters/filters.ts';
import { filterAt } from '../../core/inspection/filters/filters.ts';
import type { Cell, Table } from '../../core/report/chart/table.ts';
import type { Answers, ExplorerFacts, Verdict } from '../protocol.ts';
import { className } from './bars.ts';

const COLORS = ['red', 'green', 'blue'];

/** What the network says of an input: a row a class, in the order of the classes. */
export function verdictTable(
  title: string,
  facts: ExplorerFacts,
  { outputs, probabilities }: Verdict,
  label: number | null,
): Table {
  return {
    title,
    columns: ['class', ...(probabilities ? ['probability'] : []), 'output', 'true class'],
    rows: Array.from(outputs, (output, k) => [
      className(facts, k),
      ...(probabilities ? [probabilities[k]!] : []),
      output,
      k === label ? 'yes' : null,
    ]),
    digest: null,
  };
}

/** Values of the size of an input: a row a value, counted from 1, a column each. */
export function inputTable(
  title: string,
  shape: readonly number[],
  values: { [name: string]: ArrayLike<number> },
): Table {
  const columns = Object.values(values);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return {
    title,
    columns: [...placeHeads(shape), ...Object.keys(values)],
    rows: Array.from({ length: size }, (_, i) => [
      ...placeOf(shape, i),
      ...columns.map((column) => column[i]!),
    ]),
    digest: null,
  };
}

/** An image with its name, and how it was made. */
export type NamedImage = readonly [
  name: string,
  values: ArrayLike<number>,
  made?: { [column: string]: Cell },
];

/** Images of one size, each with a name in the first column; all were made in a way of the same columns. */
export function imagesTable(
  title: string,
  head: string,
  shape: readonly number[],
  images: readonly NamedImage[],
): Table {
  return {
    title,
    columns: [head, ...Object.keys(images[0]?.[2] ?? {}), ...placeHeads(shape), 'value'],
    rows: images.flatMap(([name, values, made = {}]) =>
      Array.from(values, (value, i): Cell[] => [
        ...[name, ...Object.values(made)],
        ...[...placeOf(shape, i), value],
      ]),
    ),
    digest: null,
  };
}

/** What a layer makes of an example: a row a value, or a pixel of a channel. */
export function mapsTable(title: string, maps: Filters): Table {
  const channels = Array.from(
    { length: maps.count },
    (_, unit) => [String(unit + 1), filterAt(maps, unit)] as const,
  );
  if (maps.height * maps.width > 1)
    return imagesTable(title, 'channel', [maps.height, maps.width, 1], channels);
  const rows = channels.map(([unit, values]) => [unit, values[0]!]);
  return { title, columns: ['unit', 'value'], rows, digest: null };
}

/** Patches of training examples: a row a pixel, placed in its example. */
export function patchesTable(title: string, patches: Answers['patches'], channels: number): Table {
  const heads = placeHeads([1, 1, channels]);
  return {
    title,
    columns: ['training example', 'activity', ...heads, 'value'],
    rows: patches.flatMap(({ index, value, box: { top, left, height, width }, pixels }) =>
      Array.from(pixels, (pixel, i): Cell[] => {
        const [row, column, ...color] = placeOf([height, width, channels], i);
        return [index, value, Number(row) + top, Number(column) + left, ...color, pixel];
      }),
    ),
    digest: {
      columns: ['training example', 'activity'],
      rows: patches.map(({ index, value }) => [index, value]),
    },
  };
}

/** How many examples of each true class, a row, are taken for which, a column. */
export function confusionTable(
  title: string,
  facts: ExplorerFacts,
  confusion: ArrayLike<number>,
): Table {
  const names = facts.classes!.map((_, k) => className(facts, k));
  return {
    title,
    columns: ['true class', ...names.map((name) => `said ${name}`)],
    rows: names.map((name, row) => [
      name,
      ...names.map((_, column) => confusion[row * names.length + column]!),
    ]),
    digest: null,
  };
}

/** Where each example lies, its true class and what the network says; null: not known. */
export function embeddingTable(
  title: string,
  facts: ExplorerFacts,
  { indices, points, labels }: Answers['embedding'],
  predictions: Answers['predictions'] | null,
): Table {
  const isClass = facts.classes !== null;
  const truth = (place: number, index: number): Cell => {
    if (isClass) return className(facts, labels[place]!);
    return predictions?.task === 'regression' ? predictions.targets[index * facts.outputs]! : null;
  };
  const said = (index: number): Cell => {
    if (!predictions) return null;
    return predictions.task === 'regression'
      ? predictions.outputs[index * facts.outputs]!
      : className(facts, predictions.predicted[index]!);
  };
  return {
    title,
    columns: ['example', 'x', 'y', 'true', 'said'],
    rows: Array.from(indices, (index, place) => [
      ...[index, points[2 * place]!, points[2 * place + 1]!],
      ...[truth(place, index), said(index)],
    ]),
    digest: null,
  };
}

function placeHeads(shape: readonly number[]): string[] {
  if (shape.length === 1) return ['feature'];
  const channels = shape[2] ?? 1;
  return ['row', 'column', ...(channels === 1 ? [] : [channels === 3 ? 'color' : 'channel'])];
}

function placeOf(shape: readonly number[], i: number): Cell[] {
  if (shape.length === 1) return [i + 1];
  const [, width = 1, channels = 1] = shape;
  const pixel = Math.floor(i / channels);
  const place = [Math.floor(pixel / width) + 1, (pixel % width) + 1];
  if (channels === 1) return place;
  return [...place, channels === 3 ? COLORS[i % 3]! : (i % channels) + 1];
}
