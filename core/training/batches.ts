import type { Kernels, Offset } from '../kernels/kernels.ts';
import { type Op, rowsOp } from '../network/op.ts';
import type { Change } from './augmentation.ts';
import type { Plan, PlannedExamples } from './plan.ts';

/**
 * Gather the examples that the part's order names from `pass.position` on, preprocessed; before that,
 * `changes` are made to each.
 */
export function gatherOps(
  kernels: Kernels,
  plan: Plan,
  part: PlannedExamples,
  changes: readonly Change[] = [],
): Op[] {
  const { store, order } = part;
  const { capacity } = plan.network;
  const width = plan.labels === 0 ? plan.outputs : 1;
  const answers = plan.labels === 0 ? plan.targets : plan.labels;
  return [
    changes.length === 0
      ? gatherInputs(kernels, plan, part)
      : gatherChanged(kernels, plan, part, changes),
    rowsOp('gather answers', capacity, width, (from, count, { position }) =>
      kernels.gatherWords(
        count,
        width,
        order + (position + from) * 4,
        store.answers,
        answers + from * width * 4,
      ),
    ),
  ];
}

/** What the teacher says of the batch, beside its labels. */
export function gatherTeacherOp(
  kernels: Kernels,
  { outputs, network }: Plan,
  { order }: PlannedExamples,
  { table, targets }: NonNullable<Plan['teacher']>,
): Op {
  return rowsOp('gather teacher', network.capacity, outputs, (from, count, { position }) =>
    kernels.gatherWords(
      count,
      outputs,
      order + (position + from) * 4,
      table,
      targets + from * outputs * 4,
    ),
  );
}

function gatherInputs(kernels: Kernels, plan: Plan, { store, order }: PlannedExamples): Op {
  const { features } = plan;
  const { capacity, input } = plan.network;
  const gather = store.bytes ? kernels.gatherBytes : kernels.gatherFloats;
  return rowsOp('gather inputs', capacity, features, (from, count, { position }) =>
    gather(
      count,
      features,
      order + (position + from) * 4,
      store.inputs,
      plan.offset,
      plan.scale,
      input.offset + from * features * 4,
    ),
  );
}

/** What a change costs for each value, in multiply-adds; threads share it by this. */
const CHANGE_WORK = 64;

function gatherChanged(
  kernels: Kernels,
  plan: Plan,
  { store, order }: PlannedExamples,
  changes: readonly Change[],
): Op {
  const { features } = plan;
  const { capacity, input } = plan.network;
  const gather = (count: number, at: Offset, to: Offset) =>
    store.bytes
      ? kernels.gatherRawBytes(count, features, at, store.inputs, to)
      : kernels.gatherWords(count, features, at, store.inputs, to);
  const work = features * changes.length * CHANGE_WORK;
  return rowsOp('augment inputs', capacity, work, (from, count, { position, step }) => {
    const to = input.offset + from * features * 4;
    gather(count, order + (position + from) * 4, to);
    for (let i = 0; i < count; i++) {
      for (const change of changes) change(from + i, to + i * features * 4, step);
    }
    kernels.preprocess(count, features, plan.offset, plan.scale, to);
  });
}
