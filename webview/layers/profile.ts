import { LAYER_NUMBERS } from '../../core/inspection/layer-table.ts';
import * as report from '../../core/report/curves/profile.ts';
import type { Content } from '../chart/content.ts';
import { mix } from '../color.ts';
import type { LayerMoments } from '../protocol.ts';
import type { Theme } from '../theme.ts';

/** The deviation of every layer's output and of its gradient, now and before training. */
export function profileContent(moments: LayerMoments, moment: number, theme: Theme): Content {
  const { train, layers, background } = theme;
  const [gradients] = layers;
  const size = (moments.layers.length + 1) * LAYER_NUMBERS.length;
  const table = (at: number) => moments.numbers.subarray(at * size, (at + 1) * size);
  return report.profileContent(table(0), table(moment), {
    activations: train,
    gradients,
    activationsAtInit: mix(train, background, 0.45),
    gradientsAtInit: mix(gradients, background, 0.45),
  });
}
