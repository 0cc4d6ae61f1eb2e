import type { Config } from '../../../config/index.ts';
import type { ConfigPath, Fix } from '../../../events/finding.ts';
import { number } from '../../../events/numbers.ts';
import type { LayerKind } from '../../../network/layers/layer.ts';
import {
  activationAfter,
  fanInOf,
  hasWeights,
  layersOf,
  suitableInit,
  unitsOf,
  type WeightLayer,
} from '../../layers.ts';
import { type JudgedTrace, NOTHING, type Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { initOf, isTakenOver } from './inits.ts';
import { staticRule } from './static-rule.ts';

type Init = Config['model']['init'];

/** The part of the mean square that is left behind these; lectures: ReLU drops half of it. */
const KEPT: { readonly [kind in LayerKind]?: number } = { relu: 0.5, gelu: 0.43, silu: 0.36 };

/** For whom an init keeps the scale of signals. */
const MADE_FOR: { readonly [init: string]: 'he' | 'xavier' | 'lecun' } = {
  he: 'he',
  heUniform: 'he',
  xavier: 'xavier',
  glorot: 'xavier',
  glorotUniform: 'xavier',
  lecun: 'lecun',
};

interface Start {
  init: Init;
  path: ConfigPath;
  suitable: 'he' | 'xavier' | 'lecun';
  activation: LayerKind | null;
  layer: WeightLayer;
}

/**
 * Weights whose start does not suit the activations: signals fade or grow from layer to layer (each by
 * std · √fanIn, less what the activation drops), or drive units into saturation. Batch normalization brings
 * signals back to scale wherever it stands.
 */
export const initMismatch = staticRule('init-mismatch', (trace) => {
  const layers = layersOf(trace);
  if (layers.some(({ layer }) => layer.kind === 'batchNorm' || layer.kind === 'residual'))
    return NOTHING;
  const starts: Start[] = [];
  for (const [at, layer] of layers.entries()) {
    if (!hasWeights(layer) || isTakenOver(trace.config, layer)) continue;
    const { init, path } = initOf(trace.config, layer);
    const activation = activationAfter(layers, at);
    starts.push({ init, path, activation, suitable: suitableInit(layers, at), layer });
  }
  // Of the output layer little is asked: its scale is soon learned.
  const hidden = starts.slice(0, -1);
  const verdict = faded(hidden) ?? saturated(trace, hidden) ?? unsuited(hidden);
  return verdict ? [verdict] : NOTHING;
});

/** Mean square of the weights of a layer, times its inputs: what a layer does to the scale; NaN for none. */
function gainOf({ init, layer }: Start): number {
  const fanIn = fanInOf(layer);
  const fanOut = unitsOf(layer);
  if (typeof init === 'object') {
    if ('normal' in init) return fanIn * init.normal ** 2;
    if ('uniform' in init) return (fanIn * init.uniform ** 2) / 3;
    return Number.NaN;
  }
  const conv =
    layer.layer.kind === 'conv2d' ? layer.layer.kernelHeight * layer.layer.kernelWidth : 1;
  switch (init) {
    case 'he':
    case 'heUniform':
      return 2;
    case 'xavier':
    case 'lecun':
      return 1;
    case 'glorot':
    case 'glorotUniform':
      return (2 * fanIn) / (fanIn + fanOut * conv);
    case 'orthogonal':
      return Math.min(1, fanOut / fanIn);
    default:
      return Number.NaN;
  }
}

function faded(hidden: readonly Start[]): Verdict | null {
  let square = 1;
  for (const start of hidden) square *= gainOf(start) * (KEPT[start.activation ?? 'dense'] ?? 1);
  // A tanh or sigmoid lets nothing grow.
  const bounded = hidden.some(
    ({ activation }) => activation === 'tanh' || activation === 'sigmoid',
  );
  const factor = Math.sqrt(square);
  const { low, high } = THRESHOLDS.config.signal;
  if (!(factor < low || (factor > high && !bounded))) return null;
  const [first] = hidden;
  const smaller = factor < low;
  const times = number(smaller ? 1 / factor : factor, 1);
  return {
    severity: 'warning',
    path: first!.path,
    message: `With init ${nameOf(first!.init)} signals become ${smaller ? 'weaker' : 'stronger'} by a factor of about ${times} through ${hidden.length} hidden layer${hidden.length === 1 ? '' : 's'}: ${smaller ? 'outputs and gradients are almost 0' : 'outputs and gradients are huge'} at first. Use init: ${first!.suitable}, which keeps their scale.`,
    evidence: { factor, low, high, layers: hidden.length },
    fixes: fixesOf(hidden),
  };
}

function saturated(trace: JudgedTrace, hidden: readonly Start[]): Verdict | null {
  const threshold = THRESHOLDS.config.saturating;
  for (const [i, start] of hidden.entries()) {
    if (start.activation !== 'tanh' && start.activation !== 'sigmoid') continue;
    // What goes into the first layer is known where it is standardized, and at most 1 behind a tanh.
    const known = i > 0 || trace.config.data.preprocess.includes('standardize');
    const std = Math.sqrt(gainOf(start));
    if (!known || !(std > threshold)) continue;
    return {
      severity: 'warning',
      path: start.path,
      message: `With init ${nameOf(start.init)} and ${fanInOf(start.layer)} inputs a unit, what goes into ${start.activation} has a standard deviation of about ${number(std, 2)}: most units of ${start.layer.label} are saturated at first, and saturated units have no gradient. Use init: xavier.`,
      evidence: { deviation: std, threshold, inputs: fanInOf(start.layer) },
      fixes: fixesOf(hidden),
    };
  }
  return null;
}

/** Named after the one, used for the other: matters the more, the deeper the network. */
function unsuited(hidden: readonly Start[]): Verdict | null {
  const wrong = hidden.filter(({ init, suitable, activation }) => {
    const made = typeof init === 'string' ? MADE_FOR[init] : undefined;
    return made && activation && made !== suitable && !(made === 'xavier' && suitable === 'lecun');
  });
  // One layer is no chain: what it loses is soon made up for.
  if (wrong.length < 2) return null;
  const { init, path, activation, suitable } = wrong[0]!;
  const effect =
    suitable === 'he'
      ? 'each layer passes on about half of the variance'
      : 'signals grow from layer to layer';
  return {
    severity: 'info',
    path,
    message: `init ${nameOf(init)} is not made for ${activation}: ${effect}. It matters more the deeper the network is (${hidden.length} hidden layers here); ${suitable} keeps the scale.`,
    evidence: { init: nameOf(init), activation: activation!, layers: hidden.length },
    fixes: fixesOf(wrong),
  };
}

function fixesOf(starts: readonly Start[]): Fix[] {
  const { suitable } = starts[0]!;
  const paths = new Map(starts.map(({ path }) => [path.join('.'), path]));
  return [
    {
      title: `Set init to ${suitable}`,
      edits: [...paths.values()].map((path) => ({ path, value: suitable })),
    },
  ];
}

function nameOf(init: Init): string {
  if (typeof init === 'string') return init;
  const [[name, value]] = Object.entries(init) as [[string, number]];
  return `{ ${name}: ${value} }`;
}
