import type { Config } from '../config/index.ts';
import type { ParameterName } from '../events/run-event.ts';
import type { LayerConfig } from '../network/layers/layer.ts';

/**
 * λ of ½λw² for a parameter set: a layer's own regularization replaces the config's; biases are
 * regularized only where `bias: true` asks for it.
 */
export function l2Of(config: Config, layer: LayerConfig, name: ParameterName): number {
  const own = 'regularization' in layer ? layer.regularization : null;
  const { l2, bias } = own ?? config.regularization;
  return name === 'weights' || (name === 'biases' && bias) ? l2 : 0;
}
