import type { ActivityEvent, PlanSummary } from '../events/run-event.ts';
import { LAYER_NUMBERS, type LayerNumber, layerTable } from '../inspection/layer-table.ts';
import { formatShape } from '../network/shapes.ts';
import type { Look } from '../runs/look.ts';
import { formatLoss } from './format.ts';
import { INPUT } from './layer-choice.ts';

const WIDEST_TEXT = 24;

interface NumberColumn {
  title: string;
  number: LayerNumber;
  format: (value: number) => string;
  /** Left out where all is well. */
  rare?: boolean;
}

const COLUMNS: readonly NumberColumn[] = [
  { title: 'mean', number: 'mean', format: formatLoss },
  { title: 'std', number: 'std', format: formatLoss },
  { title: 'zero %', number: 'zero', format: percent },
  { title: 'saturated %', number: 'saturated', format: percent },
  { title: 'dead %', number: 'dead', format: percent },
  { title: 'NaN/∞ %', number: 'nonFinite', format: percent, rare: true },
  { title: 'grad std', number: 'gradientStd', format: formatLoss },
  { title: 'grad NaN/∞ %', number: 'gradientNonFinite', format: percent, rare: true },
  { title: 'update:weight', number: 'ratio', format: formatLoss },
];

/** The input and the layers at one moment, as a table for people; a line each, behind that of the titles. */
export function layerLines(
  plan: PlanSummary,
  event: Look,
  activity: ActivityEvent | null,
  includes: (layer: number) => boolean,
): string[] {
  const table = layerTable(plan, event, activity);
  const layers = [-1, ...plan.layers.keys()].filter(includes);
  const numberOf = (layer: number, number: LayerNumber) =>
    table[(layer + 1) * LAYER_NUMBERS.length + LAYER_NUMBERS.indexOf(number)]!;
  const labels = layers.map((layer) => plan.layers[layer]?.label ?? INPUT);
  const shapes = layers.map((layer) =>
    formatShape(plan.layers[layer]?.outputShape ?? plan.inputShape),
  );
  const columns = COLUMNS.flatMap(({ title, number, format, rare }) => {
    const values = layers.map((layer) => numberOf(layer, number));
    if (rare && !values.some((value) => value > 0)) return [];
    return [[title, ...values.map((value) => (Number.isNaN(value) ? '–' : format(value)))]];
  });
  const texts = [
    ['layer', ...labels.map(cut)],
    ['shape', ...shapes.map(cut)],
  ];
  const aligned = [
    ...texts.map((cells) => padded(cells, 'padEnd')),
    ...columns.map((cells) => padded(cells, 'padStart')),
  ];
  return Array.from({ length: layers.length + 1 }, (_, row) =>
    aligned.map((cells) => cells[row]).join('  '),
  );
}

function padded(cells: string[], side: 'padStart' | 'padEnd'): string[] {
  const width = Math.max(...cells.map(({ length }) => length));
  return cells.map((cell) => cell[side](width));
}

function cut(text: string): string {
  return text.length > WIDEST_TEXT ? `${text.slice(0, WIDEST_TEXT - 1)}…` : text;
}

/** No share is rounded to none, nor to all. */
function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1';
  return share < 1 && share >= 0.9995 ? '>99.9' : (100 * share).toFixed(1);
}
