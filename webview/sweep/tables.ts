import type { Cell, Table } from '../../core/report/chart/table.ts';
import type { SweepModel, Trial } from './model.ts';

const number = (value: number): Cell => (Number.isNaN(value) ? null : value);

/** Every trial with its values, the best first: in full, as they are computed with. */
export function trialTable(title: string, { facts, ranked }: SweepModel): Table {
  const keys = facts?.keys ?? [];
  const row = (trial: Trial): Cell[] => [
    trial.place + 1,
    number(trial.score),
    number(trial.loss),
    ...keys.map(({ kind, choices }, k) => {
      const value = trial.values[k]!;
      return kind === 'choice' ? (choices[value] ?? null) : number(value);
    }),
    trial.stage,
    trial.epoch,
    trial.phase,
  ];
  return {
    title,
    columns: [
      'trial',
      facts?.quality ?? 'score',
      'loss',
      ...keys.map(({ key }) => key),
      'stage',
      'epochs',
      'state',
    ],
    rows: ranked.map(row),
    digest: null,
  };
}
