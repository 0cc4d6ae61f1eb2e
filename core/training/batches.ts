import type { Kernels } from '../kernels/kernels.ts';
import { type Op, rowsOp } from '../network/op.ts';
import type { Plan, PlannedExamples } from './plan.ts';

/** Gather the examples that the part's order names from `pass.position` on, preprocessed. */
export function gatherOps(kernels: Kernels, plan: Plan, part: PlannedExamples): Op[] {
  const { store, order } = part;
  const { features } = plan;
  const { capacity, input } = plan.network;
  const gather = store.bytes ? kernels.gatherBytes : kernels.gatherFloats;
  const width = plan.labels === 0 ? plan.outputs : 1;
  const answers = plan.labels === 0 ? plan.targets : plan.labels;
  return [
    rowsOp('gather inputs', capacity, features, (from, count, { position }) =>
      gather(
        count,
        features,
        order + (position + from) * 4,
        store.inputs,
        plan.offset,
        plan.scale,
        input.offset + from * features * 4,
      ),
    ),
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
