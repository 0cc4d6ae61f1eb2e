import type { Config } from '../config/index.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { LayerConfig, Parameter } from '../network/layers/layer.ts';
import type { Op } from '../network/op.ts';

const VALUES_IN_PART = 1 << 16;
/** Columns in a cache line: parts that write to one would hold each other up. */
const LINE = 16;

/** λ₁ and λ₂ of the penalty ½ λ₂ w² + λ₁ |w| on a parameter set, and the largest norm of a unit. */
export interface Regularization {
  l1: number;
  l2: number;
  maxNorm: number | null;
}

/**
 * What holds for a parameter set: a layer's own regularization replaces the config's; biases are
 * penalized only where `bias: true` asks for it, and have no norm to limit.
 */
export function regularizationOf(
  config: Config,
  layer: LayerConfig,
  { name }: Pick<Parameter, 'name'>,
): Regularization {
  const own = 'regularization' in layer ? layer.regularization : null;
  const { l1, l2, maxNorm, bias } = own ?? config.regularization;
  if (name === 'weights') return { l1, l2, maxNorm: maxNorm ?? null };
  return name === 'biases' && bias ? { l1, l2, maxNorm: null } : { l1: 0, l2: 0, maxNorm: null };
}

/**
 * After the update: the weights into each unit are shortened to ‖w‖ ≤ c (Srebro and Shraibman 2005).
 * A unit, or a channel of a convolution, is a column of the weights, which have units as their last
 * extent.
 */
export function maxNormOp(kernels: Kernels, { shape, value, summary }: Parameter, c: number): Op {
  const columns = shape[shape.length - 1];
  const rows = value.size / columns;
  const most = Math.max(1, Math.floor(VALUES_IN_PART / rows / LINE)) * LINE;
  return {
    name: `max norm ${summary.name}`,
    parts: Math.ceil(columns / most),
    run(part) {
      const from = part * most;
      const count = Math.min(most, columns - from);
      kernels.limitColumns(rows, columns, count, c, value.offset + from * 4);
    },
  };
}
