import { type Content, extent, type Line } from '../chart/content.ts';
import { type Color, mix } from '../color.ts';
import { exact } from '../format.ts';
import type { LayerMoments } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { numberOf } from './inside.ts';

/** The deviation of every layer's output and of its gradient, now and before training. */
export function profileContent(moments: LayerMoments, moment: number, theme: Theme): Content {
  const color = { activations: theme.train, gradients: theme.layers[0] };
  const lines = [
    ...line(
      moments,
      0,
      'std',
      'activations at init',
      mix(color.activations, theme.background, 0.45),
      true,
    ),
    ...line(
      moments,
      0,
      'gradientStd',
      'gradients at init',
      mix(color.gradients, theme.background, 0.45),
      true,
    ),
    ...line(moments, moment, 'std', 'activations', color.activations, false),
    ...line(moments, moment, 'gradientStd', 'gradients', color.gradients, false),
  ];
  const found = extent(lines, true);
  // At least two decades: what differs by less is the same.
  const range: [number, number] | null = found && decades(found[0], found[1]);
  return { lines, scale: 'log', range, format: exact, note: '', band: null, gap: null };
}

function line(
  moments: LayerMoments,
  moment: number,
  name: 'std' | 'gradientStd',
  label: string,
  color: Color,
  faint: boolean,
): Line[] {
  const layers = Array.from({ length: moments.layers.length + 1 }, (_, i) => i);
  const y = Float64Array.from(layers, (i) => numberOf(moments, moment, i - 1, name));
  // The gradient of the input nobody needs; where nothing was measured is nothing to draw.
  const known = layers.filter((i) => i > 0 || !Number.isNaN(y[i]!));
  if (!known.some((i) => !Number.isNaN(y[i]!))) return [];
  return [
    {
      name: label,
      x: Float64Array.from(known),
      y: Float64Array.from(known, (i) => y[i]!),
      color,
      width: faint ? 1.2 : 1.8,
      dash: faint ? [3, 3] : [],
      opacity: 1,
      dots: known.length < 40 && !faint,
      joined: true,
      label,
      rank: faint ? 1 : 0,
      alarm: null,
    },
  ];
}

function decades(min: number, max: number): [number, number] {
  const low = Math.floor(Math.log10(min));
  const high = Math.max(low + 2, Math.ceil(Math.log10(max)));
  return [10 ** low, 10 ** high];
}
