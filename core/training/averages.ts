import type { Config } from '../config/index.ts';
import type { Kernels, Offset } from '../kernels/kernels.ts';
import type { NetworkPlan } from '../network/network.ts';
import { elementsOp, type Op } from '../network/op.ts';
import type { Plan } from './plan.ts';

/**
 * The running average of the parameters, a ← d a + (1 − d) w after each update (Polyak and Juditsky
 * 1992). d is at most (1 + step) / (10 + step), as in TensorFlow's ExponentialMovingAverage: else a
 * short training would be judged by its random start.
 */
export function averageOps(kernels: Kernels, plan: Plan, config: Config): Op[] {
  const { averages } = plan;
  const { ema } = config.training;
  if (!averages || ema === undefined) return [];
  return plan.network.parameters.flatMap(({ value, trained, summary }, i) =>
    trained
      ? elementsOp(`average ${summary.name}`, value.size, (from, count, { step }) => {
          const rest = 1 - Math.min(ema, (1 + step) / (10 + step));
          kernels.average(count, rest, value.offset + from * 4, averages[i] + from * 4);
        })
      : [],
  );
}

/** The same network with its averages in the place of its parameters. */
export function averagedNetwork(network: NetworkPlan, averages: readonly Offset[]): NetworkPlan {
  const averaged = new Map(
    network.parameters.map((parameter, i) => [
      parameter,
      { ...parameter, value: { ...parameter.value, offset: averages[i] } },
    ]),
  );
  const layers = network.layers.map((layer) => ({
    ...layer,
    parameters: layer.parameters.map((parameter) => averaged.get(parameter)!),
  }));
  return { ...network, layers, parameters: layers.flatMap(({ parameters }) => parameters) };
}

/** Averages begin as the parameters do. */
export function startAverages(memory: WebAssembly.Memory, plan: Plan): void {
  if (!plan.averages) return;
  const bytes = new Uint8Array(memory.buffer);
  for (const [i, { value }] of plan.network.parameters.entries()) {
    bytes.copyWithin(plan.averages[i], value.offset, value.offset + value.size * 4);
  }
}
