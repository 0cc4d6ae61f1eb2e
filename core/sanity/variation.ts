import type { Config } from '../config/index.ts';

type Layer = Config['model']['layers'][number];

/**
 * The config as checks train it: at its full rate, on what they chose, whatever the validation loss does,
 * judged by its weights themselves.
 */
export function plain(config: Config, batchSize: Config['training']['batchSize']): Config {
  return {
    ...config,
    schedule: { type: 'constant', warmup: 0 },
    training: { ...config.training, batchSize, ema: undefined, earlyStop: undefined },
    inspect: 'none',
  };
}

/** Without anything that keeps a network from learning examples by heart. */
export function unrestrained(config: Config): Config {
  const { data, model } = config;
  return {
    ...config,
    data: { ...data, augment: [] },
    model: { ...model, layers: model.layers.map(unrestrainedLayer) },
    regularization: { l1: 0, l2: 0, bias: false },
    gradientClip: undefined,
  };
}

function unrestrainedLayer(layer: Layer): Layer {
  switch (layer.kind) {
    case 'residual':
      return { ...layer, layers: layer.layers.map(unrestrainedLayer) };
    case 'dropout':
      return { ...layer, rate: 0 };
    case 'dropConnect':
      return { ...layer, rate: 0, regularization: null };
    default:
      return 'regularization' in layer ? { ...layer, regularization: null } : layer;
  }
}

/** Whether a layer of this kind is among them, in residual blocks too. */
export function hasLayer(layers: readonly Layer[], ...kinds: Layer['kind'][]): boolean {
  return layers.some(
    (layer) =>
      kinds.includes(layer.kind) || (layer.kind === 'residual' && hasLayer(layer.layers, ...kinds)),
  );
}
