import { type Config, defaultLoss, type LossConfig } from '../../config/index.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Offset } from '../../kernels/kernels.ts';
import { sizeOf } from '../../network/layers/layer.ts';
import { ArenaLayout } from '../../network/layout.ts';
import { needsTargets } from '../../network/losses/loss.ts';
import { type NetworkPlan, planNetwork } from '../../network/network.ts';
import { PRODUCT_SCRATCH_BYTES } from '../../network/product.ts';
import { inferShapes, type LayerShape } from '../../network/shapes.ts';
import { weightsOfClasses } from '../../training/class-weights.ts';

/** Examples in a pass: more use the machine no better, and those of a large network need room. */
const MOST_EXAMPLES = 128;
const MOST_BYTES = 96 * 2 ** 20;

/** Where a network that is explored lies in an arena of its own. Nothing is allocated. */
export interface ExplorationPlan {
  shapes: LayerShape[];
  network: NetworkPlan;
  loss: LossConfig;
  /** Of a row: classes or target values; 1 may be for two classes. */
  outputs: number;
  labels: Offset;
  targets: Offset;
  classWeights: { offset: Offset; values: number[] } | null;
  /** See LossContext. */
  totals: Offset;
  scratch: Offset;
  bytes: number;
}

export function planExploration(config: Config, dataset: Dataset): ExplorationPlan {
  const shapes = inferShapes(config.model.layers, dataset.shape);
  const outputs = sizeOf(shapes[shapes.length - 1].outputShape);
  const loss = config.loss ?? defaultLoss(dataset.task);
  const floats = shapes.reduce((sum, shape) => sum + sizeOf(shape.outputShape), 0);
  const fitting = Math.floor(MOST_BYTES / (4 * floats));
  const capacity = Math.max(1, Math.min(MOST_EXAMPLES, fitting));
  const weights = weightsOfClasses(loss, dataset);
  const classified = dataset.task === 'classification';
  const arena = new ArenaLayout();
  const network = planNetwork(arena, shapes, capacity, 'exploring');
  const plan = {
    shapes,
    network,
    loss,
    outputs,
    labels: classified ? arena.reserve(capacity * 4) : 0,
    targets: needsTargets(loss) ? arena.tensor(capacity * outputs).offset : 0,
    classWeights: weights && { offset: arena.reserve(weights.length * 8), values: weights },
    totals: arena.reserve(4 * 8),
    scratch: arena.reserve(Math.max(PRODUCT_SCRATCH_BYTES, network.scratchBytes)),
  };
  return { ...plan, bytes: arena.bytes };
}
