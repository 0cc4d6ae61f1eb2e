import type * as z from 'zod';
import type { ConfigPath } from '../events/finding.ts';
import type { Combination, EnsembleMethod, ensembleSchema } from './schema/ensemble.ts';
import type { lossSchema } from './schema/loss.ts';
import type { modelSchema } from './schema/model.ts';
import type { scheduleSchema } from './schema/schedule.ts';
import type { trainingSchema } from './schema/training.ts';

/** Which ensembles a config can have. Pure; for the messages at its keys as for `--compare`. */

/** The parts of a config that decide it. */
export interface EnsembleFacts {
  data: { task: 'classification' | 'regression' };
  model: z.output<typeof modelSchema>;
  loss?: z.output<typeof lossSchema>;
  schedule: z.output<typeof scheduleSchema>;
  training: z.output<typeof trainingSchema>;
  ensemble?: z.output<typeof ensembleSchema>;
}

export interface Refusal {
  path: ConfigPath;
  message: string;
}

const DEFAULT_SIZE = 5;
const METHOD: ConfigPath = ['ensemble', 'method'];
const SIZE: ConfigPath = ['ensemble', 'size'];
const COMBINE: ConfigPath = ['ensemble', 'combine'];

/** Members that come from one run, by the epochs that are complete when they are taken; null: several runs. */
export function memberEpochs(method: EnsembleMethod, facts: EnsembleFacts): number[] | null {
  const { training } = facts;
  const size = facts.ensemble?.size ?? DEFAULT_SIZE;
  switch (method) {
    case 'snapshots':
      return minima(facts).slice(-size);
    case 'checkpoints':
      return multiples(training.checkpoint.every, training.epochs).slice(-size);
    case 'ema':
    case 'monteCarloDropout':
      return [training.epochs];
    default:
      return null;
  }
}

/** How many members are wanted, or passes. */
export function ensembleSize({ ensemble }: EnsembleFacts): number {
  return ensemble?.size ?? DEFAULT_SIZE;
}

/** Why a method means nothing for a config, at the key to blame; null where it does. */
export function refuseMethod(method: EnsembleMethod, facts: EnsembleFacts): Refusal | null {
  const { model, schedule, training } = facts;
  const wanted = facts.ensemble?.size;
  switch (method) {
    case 'snapshots': {
      if (schedule.type !== 'cosineRestarts')
        return {
          path: METHOD,
          message:
            'snapshots are taken where the learning rate has fallen to 0 before it starts again: set schedule: { type: cosineRestarts, period: 10 }, or take the method checkpoints.',
        };
      if (!Number.isInteger(schedule.warmup))
        return {
          path: ['schedule', 'warmup'],
          message: `Snapshots are taken between epochs: the warm-up must be a whole number of them, found ${schedule.warmup}.`,
        };
      const { length } = minima(facts);
      if (length < 2)
        return {
          path: ['schedule', 'period'],
          message: `Snapshots need two periods of the learning rate or more, but ${training.epochs} epochs have ${length === 0 ? 'none' : 'one'} of ${schedule.period}. Take a shorter period, or more epochs.`,
        };
      if (wanted !== undefined && wanted > length)
        return {
          path: SIZE,
          message: `${training.epochs} epochs have ${length} minima of the learning rate, found size ${wanted}. Take at most ${length}, a shorter schedule.period, or more epochs.`,
        };
      return null;
    }
    case 'checkpoints': {
      const { every } = training.checkpoint;
      const { length } = multiples(every, training.epochs);
      if (length < 2 || (wanted ?? 2) > length)
        return {
          path: wanted === undefined ? METHOD : SIZE,
          message: `${training.epochs} epochs with a checkpoint every ${every} have ${length} of them: ${wanted === undefined ? 'an ensemble needs two' : `size must be at most that, found ${wanted}`}. Train for more epochs, or set training.checkpoint.every lower.`,
        };
      return null;
    }
    case 'ema':
      if (training.ema !== undefined) return null;
      return {
        path: METHOD,
        message:
          'ema needs a run that keeps a running average of its parameters: set training: { ema: 0.999 }.',
      };
    case 'monteCarloDropout':
      if (dropsAnything(model.layers)) return null;
      return {
        path: METHOD,
        message:
          'monteCarloDropout needs dropout: without it all passes are alike. Add a layer such as dropout: 0.5, or take another method.',
      };
    default:
      return null;
  }
}

/** Why members of a method cannot be combined so; null where they can. */
export function refuseCombination(
  method: EnsembleMethod,
  combine: Combination,
  { data, model }: EnsembleFacts,
): Refusal | null {
  const refusal = (message: string) => ({ path: COMBINE, message });
  if (method === 'ema')
    return combine === 'parameters'
      ? null
      : refusal(
          `ema has one member, the average of the parameters: there is nothing to ${combine}. Remove combine.`,
        );
  if (combine === 'vote' && data.task === 'regression')
    return refusal('Votes are for classes, but the task is regression: set combine: average.');
  if (combine !== 'parameters' || method === 'snapshots' || method === 'checkpoints') return null;
  if (method === 'monteCarloDropout')
    return refusal(
      'All passes of monteCarloDropout have the same parameters; their average is the network without dropout. Set combine: average or vote.',
    );
  // What starts alike can stay in one valley: "model soups", Wortsman et al. 2022.
  const { from, layers } = model;
  if (method === 'inits' && from && (from.layers ?? layers.length) === layers.length) return null;
  return refusal(
    `The members of ${method} start from different weights, so that unit 1 of the one has nothing to do with unit 1 of the other: the mean of their parameters is a network that has learned nothing. Set combine: average or vote; parameters is for snapshots and checkpoints of one run.`,
  );
}

/** What is wrong with the ensemble that a config asks for. */
export function refuseEnsemble(facts: EnsembleFacts): Refusal | null {
  const { ensemble, data, loss } = facts;
  if (!ensemble) return null;
  const { method, combine, distill } = ensemble;
  const refused =
    refuseMethod(method, facts) ?? (combine ? refuseCombination(method, combine, facts) : null);
  if (refused || !distill) return refused;
  const path = ['ensemble', 'distill'];
  if (data.task === 'regression')
    return {
      path,
      message:
        'Distillation learns the probabilities of classes, but the task is regression. Remove distill.',
    };
  if (loss && loss.type !== 'softmaxCrossEntropy')
    return {
      path,
      message: `Distillation learns probabilities that softmax gives, but the loss is ${loss.type}. Set loss: softmaxCrossEntropy, or remove distill.`,
    };
  return null;
}

/** Epochs after which the learning rate is at its lowest. */
function minima({ schedule, training }: EnsembleFacts): number[] {
  if (schedule.type !== 'cosineRestarts') return [];
  const found: number[] = [];
  let { period } = schedule;
  for (let end = schedule.warmup + period; end <= training.epochs; end += period) {
    found.push(end);
    period *= schedule.multiply;
  }
  return found;
}

function multiples(every: number, most: number): number[] {
  return Array.from({ length: Math.floor(most / every) }, (_, i) => (i + 1) * every);
}

type Layer = EnsembleFacts['model']['layers'][number];

function dropsAnything(layers: readonly Layer[]): boolean {
  return layers.some((layer) =>
    layer.kind === 'residual'
      ? dropsAnything(layer.layers)
      : (layer.kind === 'dropout' || layer.kind === 'dropConnect') && layer.rate > 0,
  );
}
