import type { Examples } from '../../data/dataset.ts';
import type { Offset } from '../../kernels/kernels.ts';
import { sizeOf } from '../../network/layers/layer.ts';
import type { ArenaLayout } from '../../network/layout.ts';
import type { NetworkPlan, PlannedLayer } from '../../network/network.ts';
import type { PlannedExamples, PlannedStore } from '../plan.ts';

/** What the kernel writes: 11 numbers with room for 5 more, and 2 × 64 bins. */
export const MEASUREMENT_BYTES = 16 * 8 + 2 * 64 * 4;
/** What it works with: all bins. */
export const MEASURE_SCRATCH_BYTES = 4096 * 4;
/** Values in one part of a measurement: many for one histogram, some 25 µs for a thread. */
export const MEASURED_VALUES = 1 << 15;
/** Examples in the probe, if the data has as many. */
const PROBE_EXAMPLES = 64;

/** A tensor that is measured in parts, each with a place for its measurement; none for what does not exist. */
export interface PlannedMeasurement {
  parts: number;
  to: Offset;
}

/** A layer whose units can die: how often each was above 0, uint32 [units], for each thread. */
export interface PlannedActivity {
  /** Index of the layer. */
  layer: number;
  /** Units, or channels of an image. */
  units: number;
  /** Values of an example that count for one unit: the places of an image. */
  places: number;
  counts: Offset[];
}

/** Where in the arena there is what inspection needs. */
export interface PlannedInspection {
  /** In the order of `measuredTensors`. */
  rows: PlannedMeasurement[];
  /** Of each parameter set a copy from before the update; 0 for one that is not trained. */
  before: Offset[];
  activity: PlannedActivity[];
  /** The same training examples each time, in no particular order. */
  probe: PlannedExamples;
}

export function planInspection(
  arena: ArenaLayout,
  network: NetworkPlan,
  train: Examples,
  store: PlannedStore,
  threads: number,
): PlannedInspection {
  const measured = (size: number): PlannedMeasurement => {
    const parts = Math.ceil(size / MEASURED_VALUES);
    return { parts, to: arena.reserve(parts * MEASUREMENT_BYTES) };
  };
  const layers = network.layers.flatMap(({ output, outputGradient }) => [
    measured(output.size),
    measured(outputGradient.size),
  ]);
  const parameters = network.parameters.flatMap(({ value, trained }) => [
    measured(value.size),
    measured(trained ? value.size : 0),
    measured(trained ? value.size : 0),
  ]);
  const count = Math.min(PROBE_EXAMPLES, network.capacity, train.indices.length);
  return {
    rows: [measured(network.input.size), ...layers, ...parameters],
    before: network.parameters.map(({ value, trained }) =>
      trained ? arena.tensor(value.size).offset : 0,
    ),
    activity: network.layers.flatMap((layer, index) =>
      canDie(layer) ? [plannedActivity(arena, layer, index, threads)] : [],
    ),
    probe: { store, count, order: arena.reserve(count * 4) },
  };
}

/** A unit that is never above 0 has no gradient, and stays so. */
function canDie({ shape }: PlannedLayer): boolean {
  return shape.layer.kind === 'relu';
}

function plannedActivity(
  arena: ArenaLayout,
  { shape: { outputShape } }: PlannedLayer,
  layer: number,
  threads: number,
): PlannedActivity {
  const units = outputShape[outputShape.length - 1];
  const counts = Array.from({ length: threads }, () => arena.reserve(units * 4));
  return { layer, units, places: sizeOf(outputShape) / units, counts };
}
