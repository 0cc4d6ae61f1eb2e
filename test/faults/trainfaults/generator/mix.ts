import { RandomStream } from '../../../../core/data/random.ts';
import type { Json } from '../../../../core/events/finding.ts';
import { type Recipe, recipeOf } from './cases.ts';
import { type Draft, denseLayers, type Tables } from './draft.ts';
import { blobs, circles, digits } from './tables.ts';

/**
 * Networks as the authors of AutoTrainer have drawn them (Zhang, Zhai, Ma, Shen: "AutoTrainer", ICSE 2021):
 * circle and blob of 1,000 points, 700 of them to train on, 5 units a layer; digits in the place of MNIST.
 */
export interface Drawn {
  /** e.g. `mix/17`. */
  id: string;
  data: MixData;
  classes: number;
  draft: Draft;
  recipe(options: { seed: number; inspect?: boolean }): Recipe;
}

const DATA = {
  circle: { classes: 2, tables: () => circles('circle', 0.1, 700, 300) },
  blob: {
    classes: 3,
    tables: () => blobs('blob', { classes: 3, features: 2, spread: 0.7 }, 700, 300),
  },
  digits: { classes: 10, tables: digits },
} as const satisfies { [name: string]: { classes: number; tables(): Tables } };

export type MixData = keyof typeof DATA;
export const MIX_DATA = Object.keys(DATA) as MixData[];

// What suits comes more often, so that about half of what is drawn is healthy.
const INITS: readonly Json[] = [
  'he',
  'he',
  'heUniform',
  'glorotUniform',
  'glorot',
  'lecun',
  { normal: 0.05 },
  { normal: 1 },
  { uniform: 1 },
];
const ACTIVATIONS = ['relu', 'relu', 'relu', 'tanh', 'tanh', 'tanh', 'sigmoid', 'exponential'];
const RATES = [1e-4, 1e-3, 3e-3, 1e-2, 1e-2, 0.03, 0.1, 1];
const BATCHES = [1, 8, 16, 16, 32, 64, 256];
const OPTIMIZERS = ['sgd', 'momentum', 'adam', 'rmsprop', 'adagrad'];
const EPOCHS = 20;

/** What is reached with each of the data, by a network as one would have it. */
export function reference(data: MixData): Drawn {
  return drawn(`mix/${data}`, data, {
    layers: denseLayers({ widths: [5, 5], activation: 'relu' }, DATA[data].classes),
    init: 'he',
    optimizer: { type: 'adam', learningRate: 0.01 },
    batchSize: 16,
  });
}

/** The same for the same index. */
export function draw(index: number): Drawn {
  const random = new RandomStream(58, 'mix', index);
  const of = <T>(values: readonly T[]) => values[random.integer(values.length)]!;
  const data = of(['circle', 'circle', 'blob', 'blob', 'digits'] as const);
  // Shallow ones more often.
  const depth = 1 + random.integer(1 + random.integer(data === 'digits' ? 4 : 18));
  const width = data === 'digits' ? 24 : 5;
  const type = of(OPTIMIZERS);
  const learningRate = of(RATES);
  return drawn(`mix/${index}`, data, {
    layers: denseLayers(
      { widths: Array<number>(depth).fill(width), activation: of(ACTIVATIONS) },
      DATA[data].classes,
    ),
    init: of(INITS),
    optimizer:
      type === 'momentum' ? { type: 'sgd', learningRate, momentum: 0.9 } : { type, learningRate },
    batchSize: of(BATCHES),
  });
}

function drawn(
  id: string,
  data: MixData,
  {
    layers,
    init,
    optimizer,
    batchSize,
  }: {
    layers: Json[];
    init: Json;
    optimizer: Draft['optimizer'];
    batchSize: number;
  },
): Drawn {
  const draft: Draft = {
    data: data === 'digits' ? { preprocess: ['scale'] } : {},
    model: { layers, init },
    optimizer,
    training: { epochs: EPOCHS, batchSize },
  };
  return {
    id,
    data,
    classes: DATA[data].classes,
    draft,
    recipe: (options) => recipeOf(draft, DATA[data].tables(), options),
  };
}
