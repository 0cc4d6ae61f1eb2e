import type { ReferenceConfig } from './config.ts';
import type { Values } from './layer.ts';
import { type Answers, lossOf } from './losses.ts';
import { sequence } from './network.ts';
import { optimizerOf } from './optimizers.ts';
import { clip, limitNorms, penalty, penaltyGradient, regularizationOf } from './regularization.ts';
import { factorAt } from './schedules.ts';
import { sizeOf, type Tensor, tensor } from './tensor.ts';

export interface Data {
  inputs: Tensor;
  answers: Answers;
}

export interface Trained {
  /** Of each step, before its update. */
  losses: number[];
  /** The same, regularization included. */
  costs: number[];
  rates: number[];
  /** Of the data loss at the first step. */
  gradient: Values;
  /** Parameters and states at the end. */
  end: Values;
  /** Data loss of all rows then, at test time. */
  tested: number;
}

/**
 * Trains for some steps, a batch at a time in the order of the rows, from the parameters of `start`.
 * Gradients are clipped before regularization adds its own.
 */
export function train(config: ReferenceConfig, data: Data, start: Values, steps: number): Trained {
  const { shape } = data.inputs;
  const [rows, ...inputShape] = shape;
  const network = sequence(config.model.layers);
  const shapes = network.parameters(inputShape);
  const rules = new Map(shapes.map((s) => [s.name, regularizationOf(s, config.regularization)]));
  const parameters: Values = Object.fromEntries(
    shapes.map(({ name }) => [name, Float64Array.from(start[name])]),
  );
  const states: Values = Object.fromEntries(
    network
      .states(inputShape)
      .map(({ name, size, start }) => [name, new Float64Array(size).fill(start)]),
  );
  const update = optimizerOf(config.optimizer);
  const batchSize = config.training.batchSize === 'full' ? rows : config.training.batchSize;
  const stepsPerEpoch = Math.ceil(rows / batchSize);
  const trained: Trained = { losses: [], costs: [], rates: [], gradient: {}, end: {}, tested: 0 };

  for (let step = 0; step < steps; step++) {
    const batch = batchOf(data, (step % stepsPerEpoch) * batchSize, batchSize);
    const pass = network.forward(batch.inputs, { ...parameters, ...states }, true);
    const { loss, gradient } = lossOf(config.loss, pass.y, batch.answers);
    const { gradients } = pass.backward(gradient);
    if (step === 0) trained.gradient = gradients;

    let cost = loss;
    const clipped = config.gradientClip ? clip(gradients, config.gradientClip) : gradients;
    const total: Values = {};
    for (const [name, rule] of rules) {
      cost += penalty(rule, parameters[name]);
      const own = penaltyGradient(rule, parameters[name]);
      total[name] = clipped[name].map((g, i) => g + own[i]);
    }
    const epochs = config.training.epochs ?? 1;
    const factor = factorAt(config.schedule, { step, stepsPerEpoch, epochs });
    const rate = config.optimizer.learningRate * factor;
    update(parameters, total, rate);
    for (const { name, shape } of shapes) {
      const { maxNorm } = rules.get(name)!;
      if (maxNorm) limitNorms(parameters[name], shape[shape.length - 1], maxNorm);
    }
    Object.assign(states, pass.states);
    trained.losses.push(loss);
    trained.costs.push(cost);
    trained.rates.push(rate);
  }
  trained.end = { ...parameters, ...states };
  const { y } = network.forward(data.inputs, trained.end, false);
  trained.tested = lossOf(config.loss, y, data.answers).loss;
  return trained;
}

/** At most `count` rows from one on. */
function batchOf({ inputs, answers }: Data, from: number, count: number): Data {
  const [rows, ...inputShape] = inputs.shape;
  const to = Math.min(from + count, rows);
  const part = (values: Float64Array, width: number) => values.slice(from * width, to * width);
  return {
    inputs: tensor([to - from, ...inputShape], part(inputs.values, sizeOf(inputShape))),
    answers:
      'labels' in answers
        ? { labels: answers.labels.slice(from, to) }
        : { targets: part(answers.targets, answers.targets.length / rows) },
  };
}
