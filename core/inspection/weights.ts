import type { WeightsEvent } from '../events/run-event.ts';
import { floats } from '../training/arena.ts';
import type { Plan } from '../training/plan.ts';
import { encodeWeights } from './weight-codes.ts';

/** The weights of layers behind the first are kept up to this size. */
const LARGEST_MATRIX = 1 << 16;
/** Those of the first up to this. */
const LARGEST_FIRST = 1 << 22;
/** So many pictures make a film; a run's take no more room than this. */
const MOST_PICTURES = 64;
const MOST_BYTES = 48 * 2 ** 20;

/** The parameter sets whose values are kept, by index, and the epochs from one picture to the next. */
export interface WeightsPlan {
  parameters: number[];
  everyEpochs: number;
}

export function planWeights({ network }: Plan, epochs: number): WeightsPlan {
  const candidates = network.parameters.flatMap(({ summary: { name }, value: { size } }, index) =>
    name === 'weights' ? [{ index, size }] : [],
  );
  const kept = candidates.filter(
    ({ size }, order) => size <= (order === 0 ? LARGEST_FIRST : LARGEST_MATRIX),
  );
  const bytes = kept.reduce((sum, { size }) => sum + 2 * size, 0);
  const most = Math.min(MOST_PICTURES, Math.max(2, Math.floor(MOST_BYTES / bytes)));
  return {
    parameters: kept.map(({ index }) => index),
    everyEpochs: Math.max(1, Math.ceil(epochs / most)),
  };
}

/** The values of one parameter set, in 65,535 levels. */
export function readWeights(
  memory: WebAssembly.Memory,
  { network }: Plan,
  parameter: number,
): Pick<WeightsEvent, 'parameter' | 'scale' | 'codes'> {
  const { offset, size } = network.parameters[parameter].value;
  // Out of shared memory first: reading it value by value takes ten times as long.
  return { parameter, ...encodeWeights(floats(memory, offset, size).slice()) };
}
