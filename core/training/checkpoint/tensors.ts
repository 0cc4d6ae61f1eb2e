import { UserError } from '../../events/user-error.ts';
import type { NetworkPlan } from '../../network/network.ts';
import { formatShape } from '../../network/shapes.ts';
import { floats } from '../arena.ts';
import { startAverages } from '../averages.ts';
import type { Plan } from '../plan.ts';
import type { NamedTensor, SafetensorsFile } from './safetensors.ts';

/** A tensor of the arena that a training cannot go on without. */
export interface LastingTensor {
  name: string;
  shape: readonly number[];
  offset: number;
  size: number;
}

const EMA = 'ema.';

/**
 * All of them: parameters under their ids, what layers carry (`model.layers.1.mean`), the optimizer's
 * (`optimizer.0.model.layers.0.weights`, `optimizer.history`), running averages
 * (`ema.model.layers.0.weights`).
 */
export function lastingTensors(plan: Plan): LastingTensor[] {
  const own = parameterTensors(plan.network);
  const optimizer = own.flatMap((parameter, i) =>
    plan.optimizerState[i].map((offset, k) => ({
      ...parameter,
      name: `optimizer.${k}.${parameter.name}`,
      offset,
    })),
  );
  const history = plan.lbfgs
    ? [{ name: 'optimizer.history', shape: [plan.lbfgs.history.size], ...plan.lbfgs.history }]
    : [];
  const averages = own.flatMap((parameter, i) =>
    plan.averages && plan.network.parameters[i].trained
      ? [{ ...parameter, name: averageName(parameter.name), offset: plan.averages[i] }]
      : [],
  );
  return [...own, ...stateTensors(plan.network), ...optimizer, ...history, ...averages];
}

function parameterTensors({ parameters }: NetworkPlan): LastingTensor[] {
  return parameters.map(({ summary: { id, shape }, value }) => ({ name: id, shape, ...value }));
}

function stateTensors({ layers }: NetworkPlan): LastingTensor[] {
  return layers.flatMap(({ shape, states }) =>
    states.map((tensor, i) => ({
      name: [...shape.path, shape.states[i].name].join('.'),
      shape: [tensor.size],
      ...tensor,
    })),
  );
}

/** Under which name a checkpoint holds a tensor as its run was judged by it: its average, if it has one. */
export function judgedName(file: SafetensorsFile, name: string): string {
  const averaged = averageName(name);
  return file.tensors.has(averaged) ? averaged : name;
}

function averageName(parameter: string): string {
  return `${EMA}${parameter}`;
}

/** Their values as they are now, copied. */
export function copyTensors(memory: WebAssembly.Memory, plan: Plan): NamedTensor[] {
  return lastingTensors(plan).map(({ name, shape, offset, size }) => ({
    name,
    shape,
    values: new Float32Array(floats(memory, offset, size)),
  }));
}

/** Puts values into parameters and what layers carry; running averages begin anew with them. */
export function placeTensors(
  memory: WebAssembly.Memory,
  plan: Plan,
  tensors: readonly NamedTensor[],
): void {
  const places = new Map(lastingTensors(plan).map((tensor) => [tensor.name, tensor]));
  for (const { name, values } of tensors) {
    const place = places.get(name);
    if (!place) throw new Error(`There is no tensor ${name}.`);
    floats(memory, place.offset, place.size).set(values);
  }
  startAverages(memory, plan);
}

/** Reads all of them from a checkpoint. Throws UserError where it holds another network's. */
export async function restoreTensors(
  memory: WebAssembly.Memory,
  plan: Plan,
  file: SafetensorsFile,
): Promise<void> {
  for (const tensor of lastingTensors(plan)) {
    const remedy = 'Delete it to go on from an earlier one.';
    await readTensor(memory, file, tensor, tensor.name, remedy);
  }
}

/**
 * Reads a network as its run was judged by it, nothing else; or, `trained`, its parameters after the last
 * update, where the run was judged by their running averages. Throws UserError where it is another one.
 */
export async function restoreJudged(
  memory: WebAssembly.Memory,
  network: NetworkPlan,
  file: SafetensorsFile,
  by: 'judged' | 'trained' = 'judged',
): Promise<void> {
  for (const tensor of [...parameterTensors(network), ...stateTensors(network)]) {
    const remedy = 'Choose another one.';
    const name = by === 'judged' ? judgedName(file, tensor.name) : tensor.name;
    await readTensor(memory, file, tensor, name, remedy);
  }
}

async function readTensor(
  memory: WebAssembly.Memory,
  file: SafetensorsFile,
  { shape, offset, size }: LastingTensor,
  name: string,
  remedy: string,
): Promise<void> {
  const entry = file.tensors.get(name);
  if (entry?.dtype !== 'F32' || entry.shape.join() !== shape.join()) {
    throw new UserError(
      `${file.name} does not fit this run: ${entry ? `its ${name} is ${formatShape(entry.shape)}, not ${formatShape(shape)}` : `it holds no ${name}`}. ${remedy}`,
    );
  }
  await file.read(name, floats(memory, offset, size));
}
