import type { Kernels, Offset } from '../../kernels/kernels.ts';
import type { Parameter } from '../../network/layers/layer.ts';
import type { ArenaLayout, Tensor } from '../../network/layout.ts';
import { elementParts, elementRanges, type Op, type Pass, singleOp } from '../../network/op.ts';
import type { OptimizerConfig } from './optimizer.ts';
import { NORMS, type Trained } from './trained.ts';

type Lbfgs = Extract<OptimizerConfig, { type: 'lbfgs' }>;

/** float64 that each part measures, at most. */
const SUMS = 4;

/** What L-BFGS has of all parameters together. */
export interface LbfgsPlan {
  /** What lasts: how many pairs there are, which is the newest, the scale, ρ of each. */
  history: Tensor;
  /** float64 of one step: what was decided, α of each pair, then sums of the parts. */
  work: Offset;
}

/** Tensors for each parameter set: g and d of the step before, and s and y of each pair. */
export function lbfgsTensors({ memory }: Lbfgs): number {
  return 2 + 2 * memory;
}

/** Numbers that are not of one pair, in the history as in work. */
const COMMON = 4;

export function planLbfgs(
  arena: ArenaLayout,
  { memory }: Lbfgs,
  parameters: readonly Parameter[],
): LbfgsPlan {
  const parts = parameters.reduce((sum, { value }) => sum + elementParts(value.size), 0);
  return {
    history: arena.tensor(COMMON + memory),
    work: arena.reserve((COMMON + memory + parts * SUMS) * 8),
  };
}

/** How many pairs there may be for the arena to need so many bytes less; not above 0 where none may. */
export function fittingPairs(
  { memory }: Lbfgs,
  states: readonly (readonly Offset[])[],
  excess: number,
): number {
  const trained = states.filter(({ length }) => length > 0);
  const perPair = trained.reduce((sum, [g, d]) => sum + 2 * (d - g), 0);
  return memory - Math.ceil(excess / perPair);
}

/** A range of a parameter set. */
interface Slice {
  count: number;
  value: Offset;
  gradient: Offset;
  /** The first of its tensors; the others follow at the same distance, `stride`. */
  tensors: Offset;
  stride: number;
  norms: Offset;
  trained: Trained;
}

function slicesOf(trained: Trained): Slice[] {
  const { parameter, state, norms } = trained;
  const { value, gradient } = parameter;
  return elementRanges(value.size).map(({ from, count }, part) => ({
    count,
    value: value.offset + from * 4,
    gradient: gradient.offset + from * 4,
    tensors: state[0] + from * 4,
    stride: state[1] - state[0],
    norms: norms + part * NORMS * 8,
    trained,
  }));
}

/**
 * L-BFGS (Liu and Nocedal 1989): d = −H g, H from the last `memory` pairs of steps s and changes y of
 * the gradient, w ← w + α d. PyTorch's LBFGS with one iteration a step and no line search. All
 * parameters are one vector: each of the two loops' scalar products is summed over all parts, in order,
 * before the next turn begins. The kernels say what the turns are.
 */
export function lbfgsOps(
  kernels: Kernels,
  { memory }: Lbfgs,
  trained: readonly Trained[],
  { history: { offset: history }, work }: LbfgsPlan,
): Op[] {
  const sums = work + (COMMON + memory) * 8;
  const slices = trained.flatMap(slicesOf);
  const parts = slices.length;

  /** A pass over all parameters. */
  const pass = (name: string, run: (slice: Slice, part: number) => void): Op => ({
    name: `lbfgs ${name}`,
    parts,
    run: (part) => run(slices[part], part),
  });
  const single = (name: string, run: (pass: Pass) => void) => singleOp(`lbfgs ${name}`, run);

  const turns = Array.from({ length: 2 * memory + 1 }, (_, turn) => [
    pass(`turn ${turn}`, ({ count, tensors, stride }, part) =>
      kernels.lbfgsTurn(turn, count, tensors, stride, memory, history, work, sums + part * 8),
    ),
    single(`factor ${turn}`, () => kernels.lbfgsFactor(turn, parts, memory, history, work, sums)),
  ]);
  return [
    pass(
      'measure',
      ({ count, value, gradient, tensors, stride, trained: { regularization, clip } }, part) => {
        kernels.lbfgsMeasure(
          count,
          regularization.l1,
          regularization.l2,
          clip.limit,
          clip.scale,
          value,
          gradient,
          tensors,
          stride,
          sums + part * SUMS * 8,
        );
      },
    ),
    single('begin', ({ learningRate }) =>
      kernels.lbfgsBegin(parts, learningRate, memory, history, work, sums),
    ),
    pass(
      'keep',
      ({ count, value, gradient, tensors, stride, trained: { regularization, clip } }) => {
        kernels.lbfgsKeep(
          count,
          regularization.l1,
          regularization.l2,
          clip.limit,
          clip.scale,
          value,
          gradient,
          tensors,
          stride,
          history,
          work,
        );
      },
    ),
    ...turns.flat(),
    pass('step', ({ count, value, tensors, stride, norms }) =>
      kernels.lbfgsStep(count, value, tensors, stride, work, norms),
    ),
  ];
}
