import type { Base } from './bases.ts';
import type { Draft, Tables } from './draft.ts';

/** Another good way to train the same: what rules must be silent about. */
export interface Variant {
  name: string;
  /** It looks like a fault to those who judge by symptoms. */
  hard: boolean;
  /** A regression has none. */
  needsClasses: boolean;
  change(subject: { draft: Draft; tables: Tables; base: Base }): void;
}

const rebuild = (
  { draft, base }: { draft: Draft; base: Base },
  hidden: Partial<Base['hidden']>,
): void => {
  draft.model.layers = base.layers({ ...base.hidden, ...hidden });
};
const widths = (base: Base, factor: number) =>
  base.hidden.widths.map((units) => Math.round(units * factor));
const longer = (draft: Draft, factor: number) => {
  draft.training.epochs = Math.round(draft.training.epochs * factor);
};

const ordinary = (name: string, change: Variant['change']): Variant => ({
  name,
  hard: false,
  needsClasses: false,
  change,
});
const hard = (name: string, change: Variant['change'], needsClasses = false): Variant => ({
  name,
  hard: true,
  needsClasses,
  change,
});

const activation = (name: string, init: string) =>
  ordinary(name, (subject) => {
    rebuild(subject, { activation: name });
    subject.draft.model.init = init;
  });
const optimizer = (name: string, settings: Draft['optimizer']) =>
  ordinary(name, ({ draft }) => {
    draft.optimizer = settings;
  });

export const VARIANTS: readonly Variant[] = [
  ordinary('as it is', () => {}),
  ordinary('twice as wide', (subject) => rebuild(subject, { widths: widths(subject.base, 2) })),
  ordinary('one layer more', (subject) =>
    rebuild(subject, { widths: [subject.base.hidden.widths[0]!, ...subject.base.hidden.widths] }),
  ),
  ordinary('batch normalization', (subject) => rebuild(subject, { before: ['batchNorm'] })),
  ordinary('a little dropout', (subject) => rebuild(subject, { after: [{ dropout: 0.1 }] })),
  activation('leakyRelu', 'he'),
  activation('elu', 'he'),
  activation('tanh', 'xavier'),
  activation('gelu', 'he'),
  optimizer('sgd', { type: 'sgd', learningRate: 0.1 }),
  optimizer('nesterov', { type: 'sgd', learningRate: 0.02, momentum: 0.9, nesterov: true }),
  optimizer('rmsprop', { type: 'rmsprop', learningRate: 0.002 }),
  ordinary('half the rate', ({ draft }) => {
    draft.optimizer.learningRate /= 2;
  }),
  ordinary('twice the rate', ({ draft }) => {
    draft.optimizer.learningRate *= 2;
  }),
  ordinary('a little l2', ({ draft }) => {
    draft.regularization = { l2: 1e-4 };
  }),
  ordinary('batches of 64', ({ draft }) => {
    draft.training.batchSize = 64;
    longer(draft, 1.5);
  }),

  hard('sparse relu', (subject) => {
    rebuild(subject, { activation: 'relu', widths: widths(subject.base, 4) });
    subject.draft.model.init = 'he';
    subject.draft.model.biasInit = -0.3;
  }),
  hard('small batches', ({ draft }) => {
    draft.training.batchSize = 4;
    draft.optimizer = { type: 'sgd', learningRate: 0.02 };
  }),
  hard('validation above training', (subject) =>
    rebuild(subject, { widths: widths(subject.base, 4), after: [{ dropout: 0.4 }] }),
  ),
  hard('warm-up', ({ draft }) => {
    const epochs = Math.max(2, Math.round(draft.training.epochs / 5));
    longer(draft, 1.2);
    draft.schedule = { type: 'cosine', warmup: epochs };
  }),
  hard('cosine restarts', ({ draft }) => {
    const period = Math.ceil(draft.training.epochs / 3);
    draft.training.epochs = 3 * period;
    draft.schedule = { type: 'cosineRestarts', period };
  }),
  hard('long converged', ({ draft }) => longer(draft, 3)),
  hard('inputs in 0..5', ({ draft, tables }) => {
    delete draft.data.preprocess;
    longer(draft, 3);
    const rows = [tables.train, tables.validation, tables.test].flat();
    const all = rows.flatMap(({ x }) => x as number[]);
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const value of all) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    for (const row of rows)
      row.x = row.x.map((x) => Number((((x! - least) / (most - least)) * 5).toFixed(4)));
  }),
  hard('adam at 0.02', ({ draft }) => {
    draft.optimizer = { type: 'adam', learningRate: 0.02 };
  }),
  hard('class prior', ({ tables }) => {
    const common = tables.train[0]!.y;
    for (const part of ['train', 'validation', 'test'] as const) {
      const seen: { [y: string]: number } = {};
      tables[part] = tables[part].filter(({ y }) => {
        seen[y] = (seen[y] ?? 0) + 1;
        return y === common || seen[y] % 3 !== 0;
      });
    }
  }),
  hard('plateau schedule', ({ draft }) => {
    longer(draft, 2);
    draft.schedule = { type: 'plateau', patience: 4, factor: 0.3 };
  }),
  hard('small rate, long', ({ draft }) => {
    draft.optimizer.learningRate /= 4;
    longer(draft, 3.5);
  }),
  hard('some wrong labels', ({ tables }) => {
    // 3 in 100: accuracy cannot be 1, and the rest is learned all the same.
    const names = [...new Set(tables.train.map(({ y }) => y))];
    for (const part of [tables.train, tables.validation])
      for (const [i, row] of part.entries())
        if (i % 33 === 0) row.y = names[(names.indexOf(row.y) + 1) % names.length]!;
  }),
  hard('clipped', ({ draft }) => {
    draft.gradientClip = { norm: 1 };
  }),
  hard('biases at 0.1, sgd', (subject) => {
    subject.draft.model.biasInit = 0.1;
    subject.draft.optimizer = { type: 'sgd', learningRate: 0.05, momentum: 0.9 };
  }),
  hard('one cycle', ({ draft }) => {
    draft.optimizer.learningRate *= 3;
    draft.schedule = { type: 'oneCycle' };
  }),
  hard('averaged weights', ({ draft }) => {
    draft.training.ema = 0.98;
  }),
];
