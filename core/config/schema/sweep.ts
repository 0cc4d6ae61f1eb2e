import * as z from 'zod';
import type { Json } from '../../events/finding.ts';
import { count, words } from './fields.ts';

/** Where the values of one searched key come from. */
export type ParameterRange =
  | { kind: 'log' | 'uniform' | 'int'; low: number; high: number }
  | { kind: 'choice'; values: Json[] };

type Scale = 'log' | 'uniform' | 'int';

/** Direction numbers are known for so many keys. */
export const MOST_SOBOL_PARAMETERS = 21;

/** `[low, high]`, which hold something. */
const ends = (scale: Scale, description: string, example: [number, number]) =>
  z
    .array(z.number())
    .superRefine((range, context) => {
      const message = faultOf(scale, range, example);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .meta({ description, expected: `two numbers, the lower first, such as ${shown(example)}` });

function faultOf(scale: Scale, range: number[], example: number[]): string | null {
  const [low, high] = range;
  if (range.length !== 2 || low === undefined || high === undefined)
    return `${scale} must be two numbers, the lower first, such as ${shown(example)}, found ${range.length}.`;
  if (low === high) return `The range ${shown(range)} is empty: its ends must differ.`;
  if (low > high)
    return `The range ${shown(range)} is reversed: write the lower end first, ${shown([high, low])}.`;
  if (scale === 'log' && low <= 0)
    return `A log range needs ends above 0, found ${low}: no step of a factor leads there. Use a small number such as ${1e-6 < high ? '1e-6' : high / 1000}, or uniform.`;
  if (scale === 'int' && !range.every(Number.isInteger))
    return `int must be two whole numbers, such as ${shown(example)}, found ${shown(range)}. For fractions use uniform.`;
  return null;
}

function shown(values: readonly number[]): string {
  return `[${values.map((value) => (value !== 0 && Math.abs(value) < 0.01 ? value.toExponential() : String(value))).join(', ')}]`;
}

const numeric = (kind: Scale, range: number[]): ParameterRange => ({
  kind,
  low: range[0]!,
  high: range[1]!,
});

const log = z
  .strictObject({
    log: ends(
      'log',
      'Each power of ten is tried as often as any other: for learning rates and strengths of regularization. A key that takes whole numbers gets rounded ones.',
      [1e-6, 1],
    ),
  })
  .transform(({ log }) => numeric('log', log));

const uniform = z
  .strictObject({
    uniform: ends('uniform', 'Every number between the ends is as likely: for dropout.', [0, 0.5]),
  })
  .transform(({ uniform }) => numeric('uniform', uniform));

const int = z
  .strictObject({
    int: ends('int', 'Every whole number from the first end to the last is as likely.', [10, 100]),
  })
  .transform(({ int }) => numeric('int', int));

const choice = z
  .strictObject({
    choice: z.array(z.unknown()).min(2).meta({
      description:
        'One of these values: words, numbers, maps, or whole lists of layers at model.layers for networks of several depths.',
      expected: 'a list of at least two values, such as [relu, tanh]',
    }),
  })
  .transform(({ choice }): ParameterRange => ({ kind: 'choice', values: choice as Json[] }));

const parameters = z
  .record(
    z.string(),
    z.union([log, uniform, int, choice]).meta({
      noun: 'range',
      expected: 'a map such as log: [1e-6, 1], uniform: [0, 0.5], int: [10, 100] or choice: [a, b]',
    }),
  )
  .refine((parameters) => Object.keys(parameters).length > 0, {
    message:
      'parameters is empty: name at least one key of the config and its range, for example optimizer.learningRate: { log: [1e-6, 1] }.',
  })
  .meta({
    description:
      'What is searched: paths of keys of this config, list items counted from 0 (`optimizer.learningRate`, `model.layers.0.dense`), each with the range of its values. `model.layers` with a choice of lists searches depths.',
    expected: 'a map such as { optimizer.learningRate: { log: [1e-6, 1] } }',
    keys: 'paths',
  });

const stage = z.strictObject({
  trials: count()
    .max(100_000)
    .meta({
      description: 'How many trainings.',
      unit: 'trials',
      examples: [100, 30],
    }),
  epochs: count()
    .optional()
    .meta({
      description: 'How long each of them is.',
      unit: 'epochs',
      fallback: 'training.epochs',
      examples: [1, 5],
    }),
});

const maxParallel = count().max(256).optional();
const text = z.string().trim().min(1).optional();

/** One thread each on the cores of this machine. */
const threads = words({
  threads: 'On the cores of this machine, one training a core.',
});

/** The cluster that this machine can submit to. */
const slurm = words({
  slurm:
    'On a cluster, by Slurm: one job array a stage; the sweep’s folder must be shared by its nodes.',
});

const slurmExecutor = z.strictObject({
  type: slurm.meta({ description: 'Where trials are trained.' }),
  partition: text.meta({
    description: 'The partition (queue) that takes the trials, as `sbatch --partition`.',
    fallback: 'that of the cluster',
    examples: ['short'],
  }),
  time: z
    .union([
      z.string().regex(/^(\d+-)?\d+(:\d+){0,2}$/),
      count().transform((minutes) => String(minutes)),
    ])
    .optional()
    .meta({
      description: 'What a trial may take at most, as `sbatch --time`.',
      unit: 'minutes, or hours:minutes:seconds',
      fallback: 'that of the partition',
      expected: 'minutes, or a time such as "2:00:00" or "1-12:00:00" (days-hours:minutes:seconds)',
      examples: [30, '2:00:00'],
    }),
  memory: z
    .string()
    .regex(/^\d+[KMGT]?$/)
    .optional()
    .meta({
      description: 'What a trial may need, as `sbatch --mem`.',
      fallback: 'that of the partition',
      expected: 'a size such as 4G or 500M',
      examples: ['4G'],
    }),
  maxParallel: maxParallel.meta({
    description: 'How many trials run at a time.',
    unit: 'trials',
    fallback: 'as many as the cluster takes',
    examples: [16],
  }),
});

export type SlurmConfig = z.output<typeof slurmExecutor>;

const executor = z
  .union([
    threads.transform((type) => ({ type, maxParallel: undefined })),
    z.strictObject({
      type: threads.meta({ description: 'Where trials are trained.' }),
      maxParallel: maxParallel.meta({
        description: 'How many trials are trained at a time.',
        unit: 'trials',
        fallback: 'one a core',
      }),
    }),
    slurm.transform((type): SlurmConfig => ({ type })),
    slurmExecutor,
  ])
  .prefault('threads')
  .meta({
    description: 'Where trials are trained.',
    fallback: 'threads',
    expected:
      'threads, slurm, or a map such as { type: slurm, partition: short, time: "1:00:00", memory: 4G }',
  });

/** A search for better values of some keys. */
export const sweepSchema = z
  .strictObject({
    parameters,
    stages: z
      .array(stage.meta({ expected: 'a map such as { trials: 30, epochs: 1 }' }))
      .min(1)
      .optional()
      .meta({
        description:
          'From coarse to fine: many short trainings first, then fewer and longer ones in the ranges around the best.',
        fallback: '30 trials of a quarter of training.epochs, then 10 of all of them',
        expected:
          'a list such as [{ trials: 100, epochs: 1 }, { trials: 30, epochs: 5 }], at least one',
      }),
    sampler: words({
      random:
        'Independent random points. Of a key that matters every trial tries another value, whatever the others do.',
      sobol:
        'A Sobol sequence, shifted at random: as many values as random points, without gaps and clusters.',
      grid: 'All combinations of evenly spaced values. Mostly worse than random: 100 trials of two keys try only 10 values of each.',
      tpe: 'Tree-structured Parzen estimator: random at first, then more where good trials are denser than others. In rounds of 8 trials, so that it does not depend on timing.',
    })
      .default('random')
      .meta({ description: 'How the values of trials are chosen.' }),
    stopping: words({
      none: 'Only a cost that has grown threefold ends a trial (training.stopOnExplosion).',
      median:
        'At a quarter, a half and three quarters of its epochs a trial ends whose best is worse than the median of what the others had on average until then.',
      asha: 'Successive halving: of the trials that have come to a ninth of the epochs only the best third goes on, and again at a third. All wait there for each other, so that the result does not depend on timing.',
    })
      .default('none')
      .meta({ description: 'When bad trials are given up early.' }),
    seeds: count()
      .max(100)
      .default(1)
      .meta({
        description:
          'With how many seeds the best three trials are trained in the end: the mean and its deviation tell whether the best is better, or had luck.',
        unit: 'seeds',
        examples: [1, 5],
      }),
    executor,
  })
  .superRefine(({ parameters, sampler }, context) => {
    const found = Object.keys(parameters).length;
    if (sampler !== 'sobol' || found <= MOST_SOBOL_PARAMETERS) return;
    context.addIssue({
      code: 'custom',
      path: ['sampler'],
      message: `sobol searches at most ${MOST_SOBOL_PARAMETERS} keys, found ${found}: use random.`,
    });
  })
  .optional()
  .meta({
    description:
      'A search for better values of some keys, coarse to fine (trainscope sweep). Training ignores it.',
    fallback: 'no search',
    expected: 'a map with parameters',
  });

export type SweepConfig = NonNullable<z.output<typeof sweepSchema>>;
