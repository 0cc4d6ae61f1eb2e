import { measuredTensors, type Statistics, statisticsOf } from '../events/distributions.ts';
import { Distributions } from '../inspection/distributions.ts';
import type { CheckContext } from './context.ts';
import { sampleOf } from './sample.ts';
import { plain } from './variation.ts';

/** So many examples tell what a layer does with them. */
const EXAMPLES = 1000;

/** What the first step of a training is like, before its update. */
export interface FirstStep {
  examples: number;
  dataLoss: number;
  /** Of the network's input. */
  input: Statistics;
  /** Of what each layer of the plan puts out, and of ∂L/∂ of it. */
  layers: { output: Statistics; gradient: Statistics }[];
  /** Of each parameter set over all layers, and of ∂L/∂ of it. */
  parameters: { layer: number; value: Statistics; gradient: Statistics }[];
}

/** In training mode, on training examples. Null: it took too long. */
export function firstStep(context: CheckContext): FirstStep | null {
  const examples = context.fitting(EXAMPLES);
  const config = plain(context.config, 'full');
  const sample = sampleOf(context.dataset, examples, context.seed);
  const trainer = context.trainer({ ...config, inspect: { everyEpochs: 1 } }, sample);
  if (!trainer.trainStep('all')) return null;
  const { statistics } = new Distributions(trainer.memory, trainer.plan).read();
  const layers: FirstStep['layers'] = [];
  const parameters: FirstStep['parameters'] = [];
  for (const [row, { kind, layer }] of measuredTensors(trainer.plan.summary).entries()) {
    const own = statisticsOf(statistics, row);
    const following = () => statisticsOf(statistics, row + 1);
    if (kind === 'activation') layers.push({ output: own, gradient: following() });
    if (kind === 'parameter') parameters.push({ layer, value: own, gradient: following() });
  }
  const { dataLoss } = trainer.last;
  return { examples, dataLoss, input: statisticsOf(statistics, 0), layers, parameters };
}
