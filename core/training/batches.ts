import type { Dataset } from '../data/dataset.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { sizeOf } from '../network/layers/layer.ts';
import { type Op, rowsOp } from '../network/op.ts';
import type { Plan, PlannedExamples } from './plan.ts';

/** Gathers the examples that `order[position …]` names into the batch, preprocessed. */
export class BatchGather {
  /** Index into the part's order of the batch's first example. */
  position = 0;
  readonly ops: Op[];

  constructor(kernels: Kernels, plan: Plan, part: PlannedExamples, dataset: Dataset) {
    const { store, order } = part;
    const features = sizeOf(dataset.shape);
    const { capacity, input } = plan.network;
    const gather =
      store.store.inputs instanceof Uint8Array ? kernels.gatherBytes : kernels.gatherFloats;
    const at = (row: number) => order + (this.position + row) * 4;
    this.ops = [
      rowsOp('gather inputs', capacity, features, (from, count) =>
        gather(
          count,
          features,
          at(from),
          store.inputs,
          plan.offset,
          plan.scale,
          input.offset + from * features * 4,
        ),
      ),
    ];
    const width = store.store.labels ? 1 : dataset.outputs;
    const answers = store.store.labels ? plan.labels : plan.targets;
    this.ops.push(
      rowsOp('gather answers', capacity, width, (from, count) =>
        kernels.gatherWords(count, width, at(from), store.answers, answers + from * width * 4),
      ),
    );
  }
}
