import { layerType } from '../../network/layers/index.ts';
import { sizeOf } from '../../network/layers/layer.ts';
import type { LayerShape } from '../../network/shapes.ts';
import { MOST_LINES } from '../graph/size.ts';
import type { Wiring } from './protocol.ts';

/** How the values of each layer hang together; null where they lie in images. */
export function wiringOf(shapes: readonly LayerShape[]): Wiring[] | null {
  const wiring: Wiring[] = [];
  for (const { layer, inputShape, blockStart } of shapes) {
    const sees = layerType(layer).sees?.(layer, inputShape) ?? 'own';
    if (typeof sees !== 'string' || (sees === 'own' && inputShape.length > 1)) return null;
    wiring.push({ sees, around: blockStart === null ? null : blockStart - 1 });
  }
  return wiring;
}

/** Why a network is not shown value by value; null where it is. */
export function tooLargeToWire(shapes: readonly LayerShape[]): string | null {
  const wiring = wiringOf(shapes);
  if (!wiring) return 'Its layers are images: it is shown layer by layer.';
  const lines = wiring.reduce((sum, { sees, around }, i) => {
    const outputs = sizeOf(shapes[i]!.outputShape);
    const each = sees === 'all' ? sizeOf(shapes[i]!.inputShape) : 1;
    return sum + outputs * (each + (around === null ? 0 : 1));
  }, 0);
  if (lines <= MOST_LINES) return null;
  return `It has ${lines.toLocaleString('en-US')} connections: it is shown layer by layer. Up to ${MOST_LINES} are shown one by one.`;
}
