import type { Config } from '../../../config/index.ts';
import type { ConfigPath } from '../../../events/finding.ts';
import type { WeightLayer } from '../../layers.ts';

/** What the weights of a layer are drawn from, and the key that says so. */
export function initOf(
  { model }: Config,
  { layer, path }: WeightLayer,
): { init: Config['model']['init']; path: ConfigPath } {
  return layer.init === null
    ? { init: model.init, path: ['model', 'init'] }
    : { init: layer.init, path: [...path, layer.kind, 'init'] };
}

/** It starts as a checkpoint has it. */
export function isTakenOver({ model }: Config, { path }: WeightLayer): boolean {
  return model.from !== undefined && Number(path[2]) < (model.from.layers ?? model.layers.length);
}
