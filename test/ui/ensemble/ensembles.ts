import type {
  DisputedExample,
  EnsembleEvent,
  EnsembleRow,
} from '../../../core/ensemble/protocol.ts';
import { jsonLine } from '../../../core/events/json-line.ts';
import type { EnsembleFacts, ToEnsemble } from '../../../webview/ensemble/protocol.ts';

/** A made-up ensemble of three members, by hand. */

const metrics = (accuracy: number, loss: number) => ({ accuracy, loss, rmse: null, r2: null });
const ALONE = [metrics(0.9, 0.4), metrics(0.92, 0.35), metrics(0.94, Number.NaN)];
const SINGLE: EnsembleRow['single'] = {
  accuracy: { mean: 0.92, sd: 0.02 },
  loss: { mean: Number.NaN, sd: Number.NaN },
  rmse: null,
  r2: null,
};

const row = (changes: Partial<EnsembleRow>): EnsembleRow => ({
  type: 'ensemble',
  method: 'inits',
  combine: 'average',
  members: 3,
  validation: metrics(0.96, 0.21),
  single: SINGLE,
  alone: ALONE,
  epochs: 30,
  ...changes,
});

export const BEGUN: EnsembleEvent = {
  type: 'begun',
  folder: '/home/ada/.trainscope/ensembles/20261121-160000-shapes',
  config: 'shapes.train.yaml',
  method: 'inits',
  compare: true,
  runs: 3,
  epochs: 10,
};

export const progress = (number: number, epoch: number): EnsembleEvent => ({
  type: 'progress',
  share: epoch / 30,
  number,
  seed: number,
  bootstrap: false,
  epoch,
  validation: metrics(0.5 + epoch / 100, 1 / epoch),
});

export const member = (number: number): EnsembleEvent => ({
  type: 'member',
  number,
  of: 3,
  seed: number,
  bootstrap: number === 3,
  reason: 'completed',
  epochs: 10,
  validation: ALONE[number - 1]!,
  findings: number === 2 ? ['overfitting'] : [],
  run: `/home/ada/.trainscope/ensembles/20261121-160000-shapes/members/${number}`,
});

/** Two images of 2 × 2 pixels. */
const PIXELS = new Uint8Array(Float32Array.of(0, 255, 128, 0, 255, 0, 0, 255).buffer);

export const RESULT: EnsembleEvent[] = [
  {
    type: 'leftOut',
    method: 'snapshots',
    message: 'snapshots are taken where <b>it</b> restarts.',
  },
  row({ method: 'single', combine: null, members: 1, validation: metrics(0.92, 0.38), epochs: 10 }),
  row({}),
  row({ combine: 'vote', validation: { ...metrics(0.95, 0), loss: null } }),
  {
    type: 'disagreement',
    method: 'inits',
    members: 3,
    disputed: 7,
    examples: [
      {
        index: 4,
        row: 19,
        label: 'circle',
        answer: 'square',
        votes: [
          { class: 'square', count: 2 },
          { class: 'circle', count: 1 },
        ],
        choices: ['square', 'circle', 'square'],
        sd: null,
      },
      {
        index: 1200,
        row: 1300,
        label: '<img src=x>',
        answer: '<img src=x>',
        votes: [
          { class: '<img src=x>', count: 1 },
          { class: 'square', count: 1 },
        ],
        choices: ['<img src=x>', null, 'square'],
        sd: null,
      },
    ],
  },
  {
    type: 'inputs',
    shape: [2, 2, 1],
    range: { low: 0, high: 255 },
    values: Buffer.from(PIXELS).toString('base64'),
  },
  {
    type: 'ensembles',
    best: { method: 'inits', combine: 'average', validation: metrics(0.96, 0.21) },
    rows: 3,
    failed: [],
    folder: '/home/ada/.trainscope/ensembles/20261121-160000-shapes',
  },
];

export function told(
  type: ToEnsemble['type'],
  events: readonly EnsembleEvent[],
  changes: Partial<EnsembleFacts> = {},
): ToEnsemble {
  const facts: EnsembleFacts = {
    id: '/home/ada/.trainscope/ensembles/20261121-160000-shapes',
    name: 'shapes · 16:00:00',
    phase: 'completed',
    message: null,
    canGoOn: false,
    ...changes,
  };
  return { type, facts, lines: events.map(jsonLine) };
}

export const MADE = told('hydrate', [BEGUN, member(1), member(2), member(3), ...RESULT]);

const target = (index: number, label: number, said: number[]): DisputedExample => {
  const mean = said.reduce((sum, one) => sum + one, 0) / said.length;
  const squares = said.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const sd = Math.sqrt(squares / (said.length - 1));
  const isWhat = { votes: null, choices: null, said: said.map((one) => [one]) };
  return { index, row: 40 + index, label: [label], answer: [mean], sd: [sd], ...isWhat };
};

/** Members of a regression, of which the second has failed. */
export const NUMBERS = told('hydrate', [
  { ...BEGUN, method: 'bootstrap', runs: 4 } as EnsembleEvent,
  ...RESULT.filter(({ type }) => type === 'ensemble' || type === 'ensembles'),
  {
    type: 'disagreement',
    method: 'bootstrap',
    members: 3,
    numbers: [1, 3, 4],
    disputed: null,
    examples: [target(7, 30, [21, 25.5, 37.5]), target(2, 12, [11, 12, 14.5])],
  },
  {
    type: 'inputs',
    shape: [2],
    range: { low: 0, high: 1 },
    values: Buffer.from(Float32Array.of(0.25, 3, 0.5, 4).buffer).toString('base64'),
  },
]);
