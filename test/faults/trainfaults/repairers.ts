import { RandomStream } from '../../../core/data/random.ts';
import { batchNormFix } from '../../../core/diagnosis/fixes.ts';
import { insertBehind } from '../../../core/diagnosis/layer-edits.ts';
import { hasWeights, layersOf } from '../../../core/diagnosis/layers.ts';
import { hiddenActivations } from '../../../core/diagnosis/network.ts';
import type { JudgedTrace } from '../../../core/diagnosis/rule.ts';
import type { Edit, Finding, Fix, Json } from '../../../core/events/finding.ts';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { autoTrainer } from './judging/rivals/auto-trainer.ts';
import { alarmsOf, follow } from './judging/rule-set.ts';

/** Whose repairs are tried, all in the same way: two retrainings, the best kept, then verified. */
export const REPAIRERS = ['Trainscope', "AutoTrainer's order", 'random edits'] as const;
export type Repairer = (typeof REPAIRERS)[number];

/** What another one would change, as a finding with fixes; none where it sees nothing wrong. */
export function proposalsOf(
  repairer: Exclude<Repairer, 'Trainscope'>,
  events: readonly RunEvent[],
  seed: number,
): Finding[] {
  const trace = follow(events, () => {});
  if (trace.started === null || trace.config === null) return [];
  const judged = trace as JudgedTrace;
  const fixes =
    repairer === 'random edits' ? randomEdits(judged, seed) : inAutoTrainersOrder(judged, events);
  if (fixes.length === 0) return [];
  return [
    { rule: 'repair', severity: 'warning', path: [], message: repairer, evidence: {}, fixes },
  ];
}

/** Its repairs for the first symptom that it sees, in the order of the paper. */
function inAutoTrainersOrder(trace: JudgedTrace, events: readonly RunEvent[]): Fix[] {
  const [alarm] = alarmsOf([autoTrainer], events);
  switch (alarm?.names[0]) {
    case 'vanishing gradient':
      return fixesOf(trace, ['selu', 'relu', 'batchNorm']);
    case 'exploding gradient':
      return fixesOf(trace, ['relu', 'clip', 'batchNorm']);
    case 'dying ReLU':
      return fixesOf(trace, ['selu', 'batchNorm', 'leakyRelu']);
    case 'oscillating loss':
      return fixesOf(trace, ['adam', 'rate / 10', 'plateau', 'batch', 'momentum']);
    case 'slow convergence':
      return fixesOf(trace, ['adam', 'rate * 10']);
    default:
      return [];
  }
}

/** What one tries without a diagnosis, in an order of chance. */
function randomEdits(trace: JudgedTrace, seed: number): Fix[] {
  const names = Object.keys(EDITS) as EditName[];
  const order = Uint32Array.from(names.keys());
  // Another order after each retraining would try the same again.
  new RandomStream(seed, 'random edits').shuffle(order);
  return fixesOf(
    trace,
    [...order].map((i) => names[i]!),
  );
}

const set = (path: Edit['path'], value: Json): Edit[] => [{ path, value }];
const rate = (trace: JudgedTrace, factor: number) =>
  set(['optimizer', 'learningRate'], trace.config.optimizer.learningRate * factor);

/** Every hidden activation replaced, or one put where there is none; with the init that suits it. */
function activate(trace: JudgedTrace, activation: string, init: string): Edit[] {
  const activations = hiddenActivations(trace);
  const edits =
    activations.length > 0
      ? activations.map(({ path }) => ({ path, value: activation }))
      : insertBehind(
          trace,
          layersOf(trace)
            .filter(hasWeights)
            .slice(0, -1)
            .map(({ path }) => path),
          activation,
        );
  return [...edits, ...set(['model', 'init'], init)];
}

const EDITS = {
  selu: (trace: JudgedTrace) => activate(trace, 'selu', 'lecun'),
  relu: (trace: JudgedTrace) => activate(trace, 'relu', 'he'),
  leakyRelu: (trace: JudgedTrace) => activate(trace, 'leakyRelu', 'he'),
  tanh: (trace: JudgedTrace) => activate(trace, 'tanh', 'xavier'),
  batchNorm: (trace: JudgedTrace) => batchNormFix(trace).flatMap(({ edits }) => edits),
  clip: () => set(['gradientClip'], { norm: 1 }),
  adam: () => set(['optimizer'], { type: 'adam', learningRate: 1e-3 }),
  momentum: (trace: JudgedTrace) =>
    set(['optimizer'], {
      type: 'sgd',
      learningRate: trace.config.optimizer.learningRate,
      momentum: 0.9,
    }),
  'rate * 10': (trace: JudgedTrace) => rate(trace, 10),
  'rate / 10': (trace: JudgedTrace) => rate(trace, 0.1),
  plateau: () => set(['schedule'], { type: 'plateau', patience: 3, factor: 0.1 }),
  batch: () => set(['training', 'batchSize'], 64),
  longer: ({ started }: JudgedTrace) => set(['training', 'epochs'], 3 * started.epochs),
  standardize: () => set(['data', 'preprocess'], ['standardize']),
  loss: ({ started }: JudgedTrace) =>
    set(['loss'], started.task === 'classification' ? 'softmaxCrossEntropy' : 'meanSquaredError'),
  unregularized: () => set(['regularization'], { l2: 0 }),
} satisfies { [name: string]: (trace: JudgedTrace) => Edit[] };
type EditName = keyof typeof EDITS;

function fixesOf(trace: JudgedTrace, names: readonly EditName[]): Fix[] {
  return names
    .map((name) => ({ title: name, edits: EDITS[name](trace) }))
    .filter(({ edits }) => edits.length > 0);
}
