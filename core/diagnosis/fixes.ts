import type { Edit, Fix, Json } from '../events/finding.ts';
import { insertBehind } from './layer-edits.ts';
import { hasWeights, layersOf, type PlacedLayer, suitableInit } from './layers.ts';
import type { JudgedTrace } from './rule.ts';

const SATURATING = ['sigmoid', 'tanh', 'softmax', 'exponential'];

/** relu in the place of hidden activations that squeeze or explode, and the init that suits it. */
export function reluFix(trace: JudgedTrace, activations: readonly PlacedLayer[]): Fix[] {
  const replaced = activations.filter(({ layer }) => SATURATING.includes(layer.kind));
  if (replaced.length === 0) return [];
  const kinds = [...new Set(replaced.map(({ layer }) => layer.kind))].join(' and ');
  return [
    {
      title: `Replace ${kinds} by relu, with init: he`,
      edits: [...replaced.map(({ path }) => ({ path, value: 'relu' })), ...initEdits(trace, 'he')],
    },
  ];
}

/** The init that suits the activations, for the model and for layers that have their own. */
export function initFix(trace: JudgedTrace): Fix {
  const layers = layersOf(trace);
  const first = layers.findIndex(hasWeights);
  const init = suitableInit(layers, first);
  const { biasInit } = trace.config.model;
  const edits: Edit[] = initEdits(trace, init);
  if (biasInit < 0) edits.push({ path: ['model', 'biasInit'], value: 0 });
  return { title: `Set init to ${init}`, edits };
}

function initEdits(trace: JudgedTrace, init: string): Edit[] {
  const own = layersOf(trace)
    .filter(hasWeights)
    .filter(({ layer }) => layer.init !== null)
    .map(({ path, layer }) => ({ path: [...path, layer.kind, 'init'], value: init }));
  return [{ path: ['model', 'init'], value: init }, ...own];
}

/** Batch normalization between each layer with weights, but the output's, and what follows it. */
export function batchNormFix(trace: JudgedTrace): Fix[] {
  const layers = layersOf(trace);
  const last = layers.findLastIndex(hasWeights);
  const behind = layers
    .slice(0, Math.max(0, last))
    .filter((layer, i) => hasWeights(layer) && layers[i + 1]?.layer.kind !== 'batchNorm');
  const paths = behind.map(({ path }) => path);
  const edits = insertBehind(trace, paths, 'batchNorm');
  return edits.length > 0 ? [{ title: 'Normalize batches behind each hidden layer', edits }] : [];
}

export function setFix(title: string, path: Edit['path'], value: Json): Fix {
  return { title, edits: [{ path, value }] };
}

/** Standardized inputs, whatever was done to them before. */
export function standardizeFix({ config }: JudgedTrace): Fix {
  const kept = config.data.preprocess.filter((step) => step !== 'center' && step !== 'standardize');
  const rotation = kept.findIndex((step) => step === 'pca' || step === 'whiten');
  const at = rotation < 0 ? kept.length : rotation;
  const preprocess = [...kept.slice(0, at), 'standardize', ...kept.slice(at)];
  return setFix('Standardize the inputs', ['data', 'preprocess'], preprocess);
}

/** Three times as long. */
export function longerFix({ started }: JudgedTrace): Fix {
  const epochs = 3 * started.epochs;
  return setFix(`Train ${epochs} epochs`, ['training', 'epochs'], epochs);
}
