import { type Exploring, receiveExplorer } from './features/state.ts';
import { type Inside, receiveInside } from './layers/inside.ts';
import {
  HEADER_NUMBERS,
  type HeaderNumber,
  type RunDelta,
  type RunHeader,
  type SeriesDelta,
  type SeriesId,
  type ToView,
  type ViewSettings,
  type XAxis,
} from './protocol.ts';
import { receiveWeights, type WeightsState } from './weights/state.ts';

/** A curve: x ascending, y anything. */
export interface Series {
  id: SeriesId;
  label: string;
  x: Float64Array;
  y: Float64Array;
}

export interface Run {
  header: RunHeader;
  numbers: Record<HeaderNumber, number>;
  series: Map<SeriesId, Series>;
}

/** Everything the views draw from. */
export interface Model {
  /** By id; ids sort by time. */
  runs: Map<string, Run>;
  /** The run that the line of numbers shows, and that the curves are colored for. */
  focus: string;
  settings: ViewSettings;
  /** What the x of the series counts: it changes with the data, a little later than the setting. */
  axis: XAxis;
  /** What was measured inside the focused run, once it is asked for. */
  inside: Inside | null;
  /** Its weights, likewise. */
  weights: WeightsState | null;
  /** How far its network can be asked about. */
  exploring: Exploring | null;
}

function spliced(old: Float64Array | undefined, keep: number, added: Float64Array): Float64Array {
  const kept = old?.subarray(0, keep) ?? new Float64Array();
  const all = new Float64Array(kept.length + added.length);
  all.set(kept);
  all.set(added, kept.length);
  return all;
}

export function applySeries(old: Series | undefined, delta: SeriesDelta): Series {
  return {
    id: delta.id,
    label: delta.label,
    x: spliced(old?.x, delta.keep, delta.x),
    y: spliced(old?.y, delta.keep, delta.y),
  };
}

function applyRun(model: Model, { header, series }: RunDelta): void {
  const numbers = Object.fromEntries(
    HEADER_NUMBERS.map((name, i) => [name, header.numbers[i] ?? Number.NaN]),
  ) as Record<HeaderNumber, number>;
  const known = model.runs.get(header.id)?.series ?? new Map<SeriesId, Series>();
  for (const delta of series) known.set(delta.id, applySeries(known.get(delta.id), delta));
  model.runs.set(header.id, { header, numbers, series: known });
}

/** Takes in what the host says. */
export function receive(model: Model, message: ToView): void {
  switch (message.type) {
    case 'hydrate':
      model.runs.clear();
      model.inside = null;
      model.weights = null;
      model.settings = message.settings;
      model.axis = message.settings.xAxis;
      for (const run of message.runs) applyRun(model, run);
      model.focus = model.runs.has(message.focus) ? message.focus : newest(model);
      break;
    case 'update':
      for (const run of message.runs) applyRun(model, run);
      if (!model.runs.has(model.focus)) model.focus = newest(model);
      break;
    case 'inspection':
      model.inside = receiveInside(model.inside, message);
      break;
    case 'weights':
      model.weights = receiveWeights(model.weights, message);
      break;
    case 'explorer':
      model.exploring = receiveExplorer(model.exploring, message);
      break;
    case 'remove':
      model.runs.delete(message.run);
      if (model.focus === message.run) model.focus = newest(model);
      break;
  }
}

const newest = (model: Model): string => runIds(model)[0] ?? '';

/** Newest first. */
export function runIds(model: Model): string[] {
  return [...model.runs.keys()].sort().reverse();
}

/** Those whose curves are shown; the focused run is drawn last, above the others. */
export function shownRuns(model: Model): Run[] {
  return runIds(model)
    .filter((id) => !model.settings.hidden.includes(id))
    .sort((a, b) => Number(a === model.focus) - Number(b === model.focus))
    .map((id) => model.runs.get(id)!);
}

/** It has a process that still trains, or will again. */
export const isLive = (run: Run): boolean =>
  run.header.state === 'preparing' ||
  run.header.state === 'training' ||
  run.header.state === 'paused';
