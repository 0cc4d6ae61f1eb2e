import { measuredTensors, statisticsOf } from '../events/distributions.ts';
import { binsOf } from '../events/histogram.ts';
import type { ActivityEvent, PlanSummary, WeightsEvent } from '../events/run-event.ts';
import { firstLayerSmoothness } from '../inspection/filters/smoothness.ts';
import { LAYER_NUMBERS, layerTable } from '../inspection/layer-table.ts';
import { decodeWeights } from '../inspection/weight-codes.ts';
import type { RunHistory } from '../runs/history.ts';
import type { Look } from '../runs/look.ts';
import { histogramsOf } from '../runs/look-histograms.ts';
import { INPUT } from './layer-choice.ts';

/** What is printed of a run. */
export interface Chosen {
  distributions: readonly Look[];
  activity: readonly ActivityEvent[];
  weights: readonly WeightsEvent[];
  /** Whether a layer is printed, by its index in the plan; -1 is the input. */
  includes: (layer: number) => boolean;
  /** With the values of parameter sets. */
  values: boolean;
}

/** A record for a line of JSON. */
type Line = { type: string } & Record<string, unknown>;

/** What was measured inside a run, a batch of lines at a time. */
export async function* inspectionLines(
  history: RunHistory,
  chosen: Chosen,
): AsyncGenerator<Line[]> {
  const { plan } = history.started!;
  for (const event of chosen.distributions) {
    const latest = history.inspected.activity.before(event.step);
    yield [...layerLines(plan, event, latest), ...(await distributionLines(plan, event))]
      .filter(({ index }) => chosen.includes(index))
      .map(({ line }) => line);
  }
  for (const event of chosen.activity) yield activityLines(plan, event, chosen);
  for (const event of chosen.weights) yield weightsLines(plan, event, chosen);
}

interface LayerLine {
  /** Of the layer. */
  index: number;
  line: Line;
}

/** How a line names the layer that it is about: the input has no path. */
function layerOf(plan: PlanSummary, index: number) {
  const { label, path } = plan.layers[index] ?? { label: INPUT, path: null };
  return { layer: label, path };
}

/** The numbers of the table of layers. */
function layerLines(plan: PlanSummary, event: Look, activity: ActivityEvent | null): LayerLine[] {
  const { step, epoch, batch } = event;
  const table = layerTable(plan, event, activity);
  return [-1, ...plan.layers.keys()].map((index) => {
    const row = (index + 1) * LAYER_NUMBERS.length;
    const numbers = LAYER_NUMBERS.map((name, i) => [name, table[row + i]]);
    return {
      index,
      line: {
        type: 'layer',
        step,
        epoch,
        batch,
        ...layerOf(plan, index),
        ...Object.fromEntries(numbers),
      },
    };
  });
}

/** What was not measured at a moment has no line. */
async function distributionLines(plan: PlanSummary, event: Look): Promise<LayerLine[]> {
  const { step, epoch, batch } = event;
  const parameters = plan.layers.flatMap((layer) => layer.parameters);
  const tensors = measuredTensors(plan);
  const [histograms = []] = await histogramsOf([event], [...tensors.keys()]);
  return tensors.flatMap(({ kind, layer, parameter }, row) => {
    const statistics = statisticsOf(event.statistics, row);
    if (statistics.count + statistics.nan + statistics.infinite === 0) return [];
    const bins = binsOf(histograms[row]!);
    const edges = bins.length > 0 ? [bins[0]!.from, ...bins.map(({ to }) => to)] : [];
    const line: Line = {
      type: 'distribution',
      step,
      epoch,
      batch,
      tensor: kind,
      ...layerOf(plan, layer),
      parameter: parameters[parameter]?.id,
      ...statistics,
      histogram: { edges, counts: bins.map(({ count }) => count) },
    };
    return [{ index: layer, line }];
  });
}

function activityLines(plan: PlanSummary, event: ActivityEvent, { includes }: Chosen): Line[] {
  const { step, epoch, layers, units, active } = event;
  let from = 0;
  return Array.from(layers, (layer, i): LayerLine => {
    const shares = active.subarray(from, from + units[i]!);
    from += shares.length;
    const never = [...shares.keys()].filter((unit) => shares[unit] === 0);
    const dead = { fraction: never.length / shares.length, units: never };
    // In 255ths: four digits tell them apart.
    const share = Array.from(shares, (each) => Number((each / 255).toFixed(4)));
    const line = { type: 'activity', step, epoch, ...layerOf(plan, layer), dead, active: share };
    return { index: layer, line };
  })
    .filter(({ index }) => includes(index))
    .map(({ line }) => line);
}

function weightsLines(
  plan: PlanSummary,
  event: WeightsEvent,
  { includes, values }: Chosen,
): Line[] {
  const owners = plan.layers.flatMap(({ parameters }, index) =>
    parameters.map(({ id, shape }) => ({ index, id, shape })),
  );
  const { index, id, shape } = owners[event.parameter]!;
  if (!includes(index)) return [];
  const { step, epoch } = event;
  const smoothness = firstLayerSmoothness(plan, event);
  const line = {
    type: 'weights',
    step,
    epoch,
    ...layerOf(plan, index),
    parameter: id,
    shape,
    ...(smoothness && { smoothness: smoothness.value, verdict: smoothness.verdict }),
  };
  return [values ? { ...line, values: decodeWeights(event) } : line];
}
