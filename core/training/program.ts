import type { Config } from '../config/index.ts';
import type { Kernels, Offset } from '../kernels/kernels.ts';
import { distillationOp, type LossContext, lossOp } from '../network/losses/loss.ts';
import { buildNetwork, type NetworkOps, type Taps } from '../network/network.ts';
import { type Op, singleOp } from '../network/op.ts';
import { buildChanges, type Change } from './augmentation.ts';
import { averagedNetwork, averageOps } from './averages.ts';
import { gatherOps, gatherTeacherOp } from './batches.ts';
import { clipOps } from './clipping.ts';
import { measuringOps } from './measuring/ops.ts';
import { updateOps } from './optimizers/optimizer.ts';
import type { Trained } from './optimizers/trained.ts';
import type { Plan, PlannedExamples } from './plan.ts';
import { maxNormOp, regularizationOf } from './regularization.ts';

/** All that a trainer has done, in order. */
export interface Program {
  /** A batch of the training part: gather, forward, loss, backward. Changes nothing that lasts. */
  gradient: Op[];
  /** The update of the parameters, and of what layers carry from step to step. */
  update: Op[];
  /** A batch of the validation part at test time: gather, forward, loss. */
  evaluate: Op[];
  /** Of the probe: gather, forward in training, loss, backward, each measured. Changes nothing that lasts. */
  probe: Op[];
  /** `gradient`, measured. */
  measuredGradient: Op[];
  /** `update`, measured. */
  measuredUpdate: Op[];
  /** Measures the parameters and their gradients. */
  parameters: Op[];
}

/** Every thread builds the same program over the same memory, with working memory of its own. */
export function buildProgram(
  kernels: Kernels,
  plan: Plan,
  config: Config,
  scratch: Offset,
): Program {
  const { inspection } = plan;
  const measuring = inspection && measuringOps(kernels, plan, inspection, scratch);
  const build = (taps?: Taps) =>
    buildNetwork(kernels, plan.network, config.training.seed, scratch, taps);
  const network = build(measuring?.activity);
  // What is validated: the running averages of the parameters, where these are kept.
  const judged = plan.averages
    ? buildNetwork(
        kernels,
        averagedNetwork(plan.network, plan.averages),
        config.training.seed,
        scratch,
      )
    : network;
  const { output, outputGradient } = plan.network.layers[plan.network.layers.length - 1];
  const context: LossContext = {
    kernels,
    outputs: plan.outputs,
    y: output.offset,
    dy: outputGradient.offset,
    labels: plan.labels,
    targets: plan.targets,
    classWeights: plan.classWeights?.offset ?? 0,
    totals: plan.totals,
  };
  const judge = lossOp(plan.loss, context);
  const { teacher } = plan;
  // Labels of the validation are known, whatever the teacher says.
  const loss = teacher
    ? distillationOp(teacher.temperature, { ...context, targets: teacher.targets })
    : judge;
  const changes = plan.frame
    ? buildChanges(kernels, config.data.augment, plan.frame, config.training.seed, scratch)
    : [];
  const measure = plan.targetUnit === 0 ? [] : [squaredErrorsOp(kernels, plan)];
  const { ops: clipping, clip } = clipOps(kernels, plan, config);
  const trained = plan.network.layers.flatMap(({ shape, parameters }) =>
    parameters
      .filter((parameter) => parameter.trained)
      .map((parameter) => {
        const index = plan.network.parameters.indexOf(parameter);
        return {
          parameter,
          state: plan.optimizerState[index],
          regularization: regularizationOf(config, shape.layer, parameter),
          clip,
          norms: plan.norms[index],
          before: 0,
        };
      }),
  );
  const limits = trained.flatMap(({ parameter, regularization: { maxNorm } }) =>
    maxNorm === null ? [] : [maxNormOp(kernels, parameter, maxNorm)],
  );
  const pass = (gather: Op[], { forward, backward }: NetworkOps, input: Op[] = []) => [
    ...gather,
    ...input,
    ...forward,
    ...measure,
    loss,
    ...backward,
  ];
  const gatherTrained = (part: PlannedExamples, changes: readonly Change[] = []) => [
    ...gatherOps(kernels, plan, part, changes),
    ...(teacher ? [gatherTeacherOp(kernels, plan, part, teacher)] : []),
  ];
  const gather = gatherTrained(plan.train, changes);
  const keepingCopy = (one: Trained) => ({
    ...one,
    before: inspection?.before[plan.network.parameters.indexOf(one.parameter)] ?? 0,
  });
  const updateOf = (all: readonly Trained[]) => [
    ...clipping,
    ...updateOps(kernels, config.optimizer, all, plan),
    ...limits,
    ...network.update,
    ...averageOps(kernels, plan, config),
  ];
  return {
    gradient: pass(gather, network),
    update: updateOf(trained),
    evaluate: plan.validation
      ? [...gatherOps(kernels, plan, plan.validation), ...judged.evaluate, ...measure, judge]
      : [],
    probe: measuring
      ? pass(gatherTrained(inspection.probe), build(measuring.layers), measuring.input)
      : [],
    measuredGradient: measuring
      ? pass(gather, build(both(measuring.layers, measuring.activity)), measuring.input)
      : [],
    measuredUpdate: measuring ? [...updateOf(trained.map(keepingCopy)), ...measuring.updates] : [],
    parameters: measuring?.parameters ?? [],
  };
}

function both(a: Taps, b: Taps): Taps {
  return {
    forward: (layer) => [...a.forward(layer), ...b.forward(layer)],
    backward: (layer) => [...a.backward(layer), ...b.backward(layer)],
  };
}

/** Of the outputs that the loss is about to judge; in the targets' units, whatever the loss is. */
function squaredErrorsOp(kernels: Kernels, plan: Plan): Op {
  const { offset: y } = plan.network.layers[plan.network.layers.length - 1].output;
  return singleOp('squared errors', ({ rows }) =>
    kernels.addSquaredErrors(rows, plan.outputs, y, plan.targets, plan.targetUnit, plan.totals),
  );
}
