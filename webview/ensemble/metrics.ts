import type { EnsembleRow, MemberProgress } from '../../core/ensemble/protocol.ts';
import type { EnsembleState } from '../../core/ensemble/state.ts';
import { brief, quality } from '../format.ts';

type Metrics = EnsembleRow['validation'];

/** What ensembles are compared by. */
export interface Measure {
  name: 'accuracy' | 'R²' | 'loss';
  of(metrics: Metrics | null): number | null;
  text(value: number | null): string;
}

const ACCURACY: Measure = {
  name: 'accuracy',
  of: (metrics) => metrics?.accuracy ?? null,
  text: (value) => (value === null ? '–' : quality(value)),
};
const R2: Measure = {
  name: 'R²',
  of: (metrics) => metrics?.r2 ?? null,
  text: ACCURACY.text,
};
const LOSS: Measure = {
  name: 'loss',
  of: (metrics) => metrics?.loss ?? null,
  text: lossText,
};

/** Accuracy where there are classes, else R², else the loss. */
export function measureOf({ rows, members, progress }: EnsembleState): Measure {
  const all: (Metrics | null)[] = [
    ...rows.map(({ validation }) => validation),
    ...[...members.values()].map(({ validation }) => validation),
    ...[...progress.values()].map(({ validation }: MemberProgress) => validation),
  ];
  const known = [ACCURACY, R2].find((measure) => all.some((one) => measure.of(one) !== null));
  return known ?? (all.length > 0 ? LOSS : ACCURACY);
}

export function lossText(value: number | null): string {
  return value === null ? '–' : brief(value);
}

/** e.g. "snapshots by average". */
export function titleOf({ method, combine }: Pick<EnsembleRow, 'method' | 'combine'>): string {
  if (method === 'single') return 'a member alone';
  return combine ? `${method} by ${combine}` : method;
}

export function spreadText(row: EnsembleRow, { name, text }: Measure): string {
  const spread = { accuracy: row.single.accuracy, 'R²': row.single.r2, loss: row.single.loss }[
    name
  ];
  if (!spread) return '–';
  return spread.sd === null ? text(spread.mean) : `${text(spread.mean)} ± ${text(spread.sd)}`;
}

/** Mean and standard deviation of its members; null where there are none. */
export function spreadOf(row: EnsembleRow, measure: Measure): { mean: number; sd: number } | null {
  const { accuracy, r2, loss } = row.single;
  const spread = { accuracy, 'R²': r2, loss }[measure.name];
  return spread && { mean: spread.mean, sd: spread.sd ?? 0 };
}
