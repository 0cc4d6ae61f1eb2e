import { RandomStream } from '../../../../core/data/random.ts';
import type { Json } from '../../../../core/events/finding.ts';
import type { RuleId } from '../../../../core/events/rule-ids.ts';
import type { Base } from './bases.ts';
import type { Draft, Row, Tables } from './draft.ts';

/** 0 is mild, 1 is severe. */
export type Severity = 0 | 1;

/** What is made worse, in place. */
export type Change = (
  subject: { draft: Draft; tables: Tables; base: Base },
  severity: Severity,
) => void;

export interface Fault {
  name: string;
  /** The findings that name what was done. */
  causes: readonly RuleId[];
  /** A regression has none. */
  needsClasses?: true;
  change: Change;
}

const pick = <T>(severity: Severity, mild: T, severe: T) => (severity === 0 ? mild : severe);

/** Another seed than those of data and runs. */
const random = (purpose: string) => new RandomStream(77, purpose);

/** Every x of every part, which the preprocessing of the base no longer mends. */
function rescale({ draft, tables }: { draft: Draft; tables: Tables }, f: (x: number) => number) {
  delete draft.data.preprocess;
  for (const row of [tables.train, tables.validation, tables.test].flat())
    row.x = row.x.map((x) => (x === null ? x : f(x)));
}

/** Gives a part of the rows the labels of others of them. */
function relabel(rows: Row[], share: number, order: (ys: Row['y'][]) => Row['y'][]): void {
  const some = rows.slice(0, Math.round(rows.length * share));
  const ys = order(some.map(({ y }) => y));
  for (const [i, row] of some.entries()) row.y = ys[i]!;
}

function shuffled<T>(values: readonly T[], purpose: string): T[] {
  const order = Uint32Array.from(values.keys());
  random(purpose).shuffle(order);
  return [...order].map((i) => values[i]!);
}

/** So many rows of each class, those that come first. */
function firstOfEach(rows: readonly Row[], count: (y: Row['y']) => number): Row[] {
  const seen: { [y: string]: number } = {};
  return rows.filter(({ y }) => {
    seen[y] = (seen[y] ?? 0) + 1;
    return seen[y] <= count(y);
  });
}

const multiplyRate = ({ draft }: { draft: Draft }, factor: number) => {
  draft.optimizer.learningRate *= factor;
};

/** Hidden layers of another kind; the widths of the base where none are given. */
function rebuild(
  { draft, base }: { draft: Draft; base: Base },
  hidden: Partial<Base['hidden']>,
): void {
  draft.model.layers = base.layers({ ...base.hidden, ...hidden });
}

const widest = ({ hidden }: Base) => Math.max(...hidden.widths);
const deep = (base: Base, depth: number) => Array<number>(depth).fill(widest(base));

export const FAULTS: readonly Fault[] = [
  {
    name: 'rate high',
    causes: ['learning-rate-high'],
    change: (subject, severity) => multiplyRate(subject, pick(severity, 50, 3000)),
  },
  {
    name: 'rate low',
    causes: ['learning-rate-low'],
    change: (subject, severity) => multiplyRate(subject, pick(severity, 0.01, 1e-4)),
  },
  {
    name: 'rate at the border (high)',
    causes: ['learning-rate-high'],
    change: (subject, severity) => multiplyRate(subject, pick(severity, 8, 20)),
  },
  {
    name: 'rate at the border (low)',
    causes: ['learning-rate-low'],
    change: (subject, severity) => multiplyRate(subject, pick(severity, 0.2, 0.05)),
  },
  {
    name: 'sigmoid depth',
    causes: ['vanishing-gradients'],
    change: (subject, severity) => {
      rebuild(subject, { activation: 'sigmoid', widths: deep(subject.base, pick(severity, 5, 9)) });
      subject.draft.model.init = 'xavier';
    },
  },
  {
    name: 'small init',
    causes: ['poor-initialization'],
    change: (subject, severity) => {
      rebuild(subject, { widths: deep(subject.base, 3) });
      subject.draft.model.init = { normal: pick(severity, 1e-2, 1e-4) };
    },
  },
  {
    name: 'large init',
    causes: ['poor-initialization'],
    change: ({ draft }, severity) => {
      draft.model.init = { normal: pick(severity, 2, 20) };
    },
  },
  {
    name: 'symmetric init',
    causes: ['symmetric-initialization', 'constant-init'],
    change: ({ draft }, severity) => {
      draft.model.init = pick<Json>(severity, { constant: 0.1 }, 'zeros');
    },
  },
  {
    name: 'exponential',
    causes: ['exploding-gradients', 'poor-initialization', 'learning-rate-high'],
    change: (subject, severity) =>
      rebuild(subject, {
        activation: 'exponential',
        widths: deep(subject.base, pick(severity, 2, 3)),
      }),
  },
  {
    name: 'dead relu',
    causes: ['dead-relu', 'poor-initialization'],
    change: (subject, severity) => {
      rebuild(subject, { activation: 'relu' });
      subject.draft.model.init = 'he';
      subject.draft.model.biasInit = pick(severity, -4, -30);
    },
  },
  {
    name: 'saturated tanh',
    causes: ['saturated-activations', 'poor-initialization'],
    change: (subject, severity) => {
      rebuild(subject, { activation: 'tanh', widths: deep(subject.base, 3) });
      subject.draft.model.init = { normal: pick(severity, 1, 5) };
    },
  },
  {
    name: 'unnormalized',
    causes: ['unnormalized-input'],
    change: (subject, severity) => rescale(subject, (x) => 100 * x + pick(severity, 0, 1000)),
  },
  {
    name: 'nan input',
    causes: ['bad-input'],
    change: ({ tables }, severity) => {
      const stream = random('nan');
      for (let i = 0; i < pick(severity, 1, 10); i++) {
        const row = tables.train[stream.integer(tables.train.length)]!;
        row.x[stream.integer(row.x.length)] = null;
      }
    },
  },
  {
    name: 'batch of 1',
    causes: ['batch-too-small', 'learning-rate-high'],
    change: ({ draft }, severity) => {
      draft.training.batchSize = 1;
      if (severity === 1) draft.optimizer = { type: 'sgd', learningRate: 0.01, momentum: 0.99 };
    },
  },
  {
    name: 'momentum',
    causes: ['learning-rate-high'],
    change: ({ draft }, severity) => {
      draft.optimizer = {
        type: 'sgd',
        learningRate: 0.05,
        momentum: pick(severity, 0.99, 0.999),
      };
    },
  },
  {
    name: 'wrong loss',
    causes: ['wrong-loss', 'wrong-output-activation'],
    needsClasses: true,
    change: (subject, severity) => {
      const { draft } = subject;
      draft.loss = 'meanSquaredError';
      if (severity === 1) draft.model.layers = [...draft.model.layers, 'sigmoid'];
    },
  },
  {
    name: 'wrong output',
    causes: ['wrong-output-activation', 'softmax-twice'],
    change: ({ draft, base }, severity) => {
      const [mild, severe] = base.classes === 0 ? ['sigmoid', 'relu'] : ['softmax', 'relu'];
      draft.model.layers = [...draft.model.layers, pick(severity, mild!, severe!)];
    },
  },
  {
    name: 'linear stack',
    causes: ['linear-stack'],
    change: (subject, severity) =>
      rebuild(subject, {
        activation: null,
        widths: deep(subject.base, pick(severity, 2, 4)),
      }),
  },
  {
    name: 'over-regularized',
    causes: ['over-regularized'],
    change: ({ draft }, severity) => {
      draft.regularization = { l2: pick(severity, 0.1, 1) };
    },
  },
  {
    name: 'strong dropout',
    causes: ['dropout-too-strong', 'over-regularized'],
    change: (subject, severity) =>
      rebuild(subject, { after: [{ dropout: pick(severity, 0.8, 0.95) }] }),
  },
  {
    name: 'overfitting',
    causes: ['overfitting'],
    change: (subject, severity) => {
      const { draft, tables, base } = subject;
      const share = pick(severity, 0.08, 0.04);
      const kept = Math.round((tables.train.length * share) / Math.max(1, base.classes));
      tables.train =
        base.classes === 0 ? tables.train.slice(0, kept) : firstOfEach(tables.train, () => kept);
      rebuild(subject, { widths: deep(base, 2).map((units) => 4 * units) });
      draft.training.epochs = Math.round(draft.training.epochs * 4);
    },
  },
  {
    name: 'too few epochs',
    causes: ['too-few-epochs'],
    change: ({ draft }, severity) => {
      draft.training.epochs = Math.max(
        1,
        Math.round(draft.training.epochs / pick(severity, 6, 12)),
      );
    },
  },
  {
    name: 'schedule too fast',
    causes: ['schedule-too-fast'],
    change: ({ draft }, severity) => {
      draft.schedule = { type: 'exponential', rate: pick(severity, 1, 3) };
    },
  },
  {
    name: 'shuffled labels',
    causes: ['label-noise'],
    change: ({ tables }, severity) => {
      for (const part of [tables.train, tables.validation])
        relabel(part, pick(severity, 0.5, 1), (ys) => shuffled(ys, 'labels'));
    },
  },
  {
    name: 'shifted labels',
    causes: ['label-noise'],
    change: ({ tables }, severity) => {
      // In an order without system: neighbours in the file have nothing in common.
      for (const part of ['train', 'validation'] as const) {
        tables[part] = shuffled(tables[part], 'rows');
        relabel(tables[part], pick(severity, 0.5, 1), (ys) => [ys.at(-1)!, ...ys.slice(0, -1)]);
      }
    },
  },
  {
    name: 'imbalance',
    causes: ['class-imbalance'],
    needsClasses: true,
    change: ({ tables, base }, severity) => {
      const common = tables.train[0]!.y;
      for (const part of ['train', 'validation'] as const) {
        const all = tables[part].length / base.classes;
        const few = Math.max(1, Math.round(all * pick(severity, 0.05, 0.02)));
        tables[part] = firstOfEach(tables[part], (y) =>
          y === common ? Number.POSITIVE_INFINITY : few,
        );
      }
    },
  },
  {
    name: 'sorted, not shuffled',
    causes: ['no-shuffle'],
    change: ({ draft, tables }, severity) => {
      tables.train.sort((a, b) => (a.y < b.y ? -1 : a.y > b.y ? 1 : 0));
      draft.training.shuffle = false;
      if (severity === 1) draft.training.batchSize = 8;
    },
  },
];
