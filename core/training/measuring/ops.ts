import type { Kernels, Offset } from '../../kernels/kernels.ts';
import { layerType } from '../../network/layers/index.ts';
import { type Saturation, sizeOf } from '../../network/layers/layer.ts';
import type { Taps } from '../../network/network.ts';
import { type Op, type Pass, rowsOp } from '../../network/op.ts';
import type { Plan } from '../plan.ts';
import {
  MEASURED_VALUES,
  MEASUREMENT_BYTES,
  type PlannedInspection,
  type PlannedMeasurement,
} from './places.ts';

/** What is measured where in a step. */
export interface MeasuringOps {
  /** After the batch was gathered. */
  input: Op[];
  /** After each layer went forward, and before it goes backward. */
  layers: Taps;
  /** Counts of active units, after each layer went forward. */
  activity: Taps;
  /** Values and gradients of the parameters. */
  parameters: Op[];
  /** After the update: what it has added. */
  updates: Op[];
}

/** One thread's ops. `scratch` is its own. */
export function measuringOps(
  kernels: Kernels,
  plan: Plan,
  inspection: PlannedInspection,
  scratch: Offset,
): MeasuringOps {
  const { network, features } = plan;
  const { rows, before } = inspection;
  const ofLayer = (layer: number) => rows.slice(1 + 2 * layer);
  const ofParameter = (index: number) => rows.slice(1 + 2 * network.layers.length + 3 * index);
  const measure = (name: string, row: PlannedMeasurement, tensor: MeasuredValues) =>
    row.parts === 0 ? [] : [measureOp(kernels, name, row, tensor, scratch)];
  const batch = (
    x: Offset,
    width: number,
    saturation?: MeasuredValues['saturation'],
  ): MeasuredValues => ({
    x,
    count: (pass) => pass.rows * width,
    saturation,
  });
  const whole = (x: Offset, size: number, minus = 0): MeasuredValues => ({
    x,
    minus,
    count: () => size,
  });
  const thread = plan.scratch.indexOf(scratch);
  return {
    input: measure('measure input', rows[0], batch(network.input.offset, features)),
    layers: {
      forward(index) {
        const { shape, input, output } = network.layers[index];
        const range = layerType(shape.layer).saturation?.(shape.layer);
        const saturation = range && { ...range, x: input.offset };
        const values = batch(output.offset, sizeOf(shape.outputShape), saturation);
        return measure(`measure ${shape.label}`, ofLayer(index)[0], values);
      },
      backward(index) {
        const { shape, outputGradient } = network.layers[index];
        const values = batch(outputGradient.offset, sizeOf(shape.outputShape));
        return measure(`measure gradient of ${shape.label}`, ofLayer(index)[1], values);
      },
    },
    activity: {
      forward(index) {
        const planned = inspection.activity.find(({ layer }) => layer === index);
        if (!planned) return [];
        const { units, places, counts } = planned;
        const { offset } = network.layers[index].output;
        const size = units * places;
        return [
          rowsOp('count active', network.capacity, size, (from, count) =>
            kernels.countActive(count * places, units, offset + from * size * 4, counts[thread]),
          ),
        ];
      },
      backward: () => [],
    },
    parameters: together(
      'measure parameters',
      network.parameters.flatMap(({ value, gradient, summary }, index) => [
        ...measure(`measure ${summary.id}`, ofParameter(index)[0], whole(value.offset, value.size)),
        ...measure(
          `measure gradient of ${summary.id}`,
          ofParameter(index)[1],
          whole(gradient.offset, value.size),
        ),
      ]),
    ),
    updates: together(
      'measure updates',
      network.parameters.flatMap(({ value, summary }, index) =>
        measure(
          `measure update of ${summary.id}`,
          ofParameter(index)[2],
          whole(value.offset, value.size, before[index]),
        ),
      ),
    ),
  };
}

/** One op of the parts of all: threads wait for each other once, and no part of one is left to the last of them. */
function together(name: string, ops: readonly Op[]): Op[] {
  // Small ones are quicker done than shared.
  if (ops.every((op) => op.parts === 1)) return [...ops];
  const parts = ops.flatMap((op) => Array.from({ length: op.parts }, (_, part) => ({ op, part })));
  const run = (i: number, pass: Pass) => parts[i].op.run(parts[i].part, pass);
  return [{ name, parts: parts.length, run }];
}

interface MeasuredValues {
  x: Offset;
  /** What is subtracted; 0 or absent for nothing. */
  minus?: Offset;
  /** How many values there are in this pass. */
  count(pass: Pass): number;
  saturation?: Saturation & { x: Offset };
}

function measureOp(
  kernels: Kernels,
  name: string,
  { parts, to }: PlannedMeasurement,
  { x, minus = 0, count, saturation }: MeasuredValues,
  scratch: Offset,
): Op {
  const byInput = saturation?.of === 'input' ? saturation : null;
  const byOutput = saturation?.of === 'output' ? saturation : null;
  const below = byOutput?.below ?? Number.NEGATIVE_INFINITY;
  const above = byOutput?.above ?? Number.POSITIVE_INFINITY;
  return {
    name,
    parts,
    run(part, pass) {
      const from = part * MEASURED_VALUES;
      const values = Math.max(0, Math.min(MEASURED_VALUES, count(pass) - from));
      const place = to + part * MEASUREMENT_BYTES;
      const subtracted = minus === 0 ? 0 : minus + from * 4;
      kernels.measure(values, x + from * 4, subtracted, below, above, scratch, place);
      if (byInput && values > 0)
        kernels.measureSaturation(values, byInput.x + from * 4, byInput.below, place);
    },
  };
}
