import type { PlacedLayer } from '../../layers.ts';
import { hiddenActivations } from '../../network.ts';
import type { JudgedTrace } from '../../rule.ts';

/** Hidden layers that raise e to the power of what comes in: two in a row overflow with any init. */
export function explosiveLayers(trace: JudgedTrace): PlacedLayer[] {
  return hiddenActivations(trace).filter(({ layer }) => layer.kind === 'exponential');
}

export function isExplosive(trace: JudgedTrace): boolean {
  return explosiveLayers(trace).length > 0;
}
