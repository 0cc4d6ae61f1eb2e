import type { Config } from '../config/index.ts';
import type { Kernels, Offset } from '../kernels/kernels.ts';
import { elementParts, elementsOp, type Op, singleOp } from '../network/op.ts';
import type { Plan } from './plan.ts';

/** What a gradient is clipped with: g ← min(max(scale · g, −limit), limit). */
export interface Clip {
  limit: number;
  /** Place of a float32; 0 for 1. */
  scale: Offset;
}

/** Bytes for Σ g² of each part of each parameter set, and for the factor at their end. */
export function clipBytes(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + elementParts(size) * 8, 0) + 4;
}

/**
 * Clipping by value needs no op: the update does it. By norm, ‖g‖ of all parameters that are trained
 * is found first, and the update multiplies with min(1, c / (‖g‖ + 1e-6)), as PyTorch's
 * clip_grad_norm_ does. The partial sums are added in order, whatever the threads.
 */
export function clipOps(kernels: Kernels, plan: Plan, config: Config): { ops: Op[]; clip: Clip } {
  const { gradientClip } = config;
  const limit = gradientClip?.value ?? Number.POSITIVE_INFINITY;
  const largest = gradientClip?.norm;
  if (largest === undefined) return { ops: [], clip: { limit, scale: 0 } };
  let count = 0;
  const sums = plan.network.parameters
    .filter(({ trained }) => trained)
    .map(({ gradient, summary }) => {
      const to = plan.clip + count * 8;
      count += elementParts(gradient.size);
      return elementsOp(`squares ${summary.name}`, gradient.size, (from, values, _pass, part) =>
        kernels.sumSquares(values, gradient.offset + from * 4, to + part * 8),
      );
    });
  const scale = plan.clip + count * 8;
  const factor = singleOp('clip', () => kernels.scaleToNorm(count, largest, plan.clip, scale));
  return { ops: [...sums, factor], clip: { limit, scale } };
}
