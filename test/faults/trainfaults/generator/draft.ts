import type { Json } from '../../../../core/events/finding.ts';

type Map = { [key: string]: Json };

/** A config before it is written down: changes work on this. */
export interface Draft {
  data: Map;
  model: { layers: Json[]; init?: Json; biasInit?: number };
  loss?: Json;
  optimizer: Map & { type: string; learningRate: number };
  schedule?: Map;
  regularization?: Map;
  gradientClip?: Map;
  training: Map & { epochs: number; batchSize: number };
}

/** One example; `y` is the name of a class, or a number. */
export interface Row {
  x: (number | null)[];
  y: string | number;
}

/** `test` judges effects, on the truth; no run sees it. */
export interface Tables {
  train: Row[];
  validation: Row[];
  test: Row[];
}

/** What a network's hidden layers look like; the base says how many inputs and outputs there are. */
export interface Hidden {
  widths: readonly number[];
  /** null: none. */
  activation: Json | null;
  /** What follows each activation. */
  after?: readonly Json[];
  /** What stands between a layer and its activation. */
  before?: readonly Json[];
}

/** Dense layers, an output of `outputs` values at the end. */
export function denseLayers({ widths, ...rest }: Hidden, outputs: number): Json[] {
  return [...widths.flatMap((units) => [{ dense: units }, ...block(rest)]), { dense: outputs }];
}

/** What follows a layer with weights. */
export function block({ activation, before = [], after = [] }: Omit<Hidden, 'widths'>): Json[] {
  return [...before, ...(activation === null ? [] : [activation]), ...after];
}

/** Rows as a CSV file; a cell without a value is empty. */
export function toCsv(rows: readonly Row[]): string {
  const width = rows[0]?.x.length ?? 0;
  const header = [...Array.from({ length: width }, (_, i) => `x${i}`), 'y'].join(',');
  return `${[header, ...rows.map(({ x, y }) => [...x.map((v) => v ?? ''), y].join(','))].join('\n')}\n`;
}
