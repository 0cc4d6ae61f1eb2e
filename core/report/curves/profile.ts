import { LAYER_NUMBERS } from '../../inspection/layer-table.ts';
import { type Content, extent, type Line } from '../chart/content.ts';
import { exact } from '../format.ts';
import { line } from './lines.ts';

/** Of activations and of gradients, each now and at init. */
export interface ProfileColors<Color> {
  activations: Color;
  gradients: Color;
  activationsAtInit: Color;
  gradientsAtInit: Color;
}

const WIDTH = LAYER_NUMBERS.length;

/**
 * The deviation of every layer's output and of its gradient, now and before training; `first` and `now`
 * are tables as `layerTable` makes them.
 */
export function profileContent<Color>(
  first: Float64Array,
  now: Float64Array,
  colors: ProfileColors<Color>,
): Content<Color> {
  const { activations, gradients, activationsAtInit, gradientsAtInit } = colors;
  const lines = [
    ...lineOf(first, 'std', 'activations at init', activationsAtInit, true),
    ...lineOf(first, 'gradientStd', 'gradients at init', gradientsAtInit, true),
    ...lineOf(now, 'std', 'activations', activations, false),
    ...lineOf(now, 'gradientStd', 'gradients', gradients, false),
  ];
  const found = extent(lines, true);
  // At least two decades: what differs by less is the same.
  const range: [number, number] | null = found && decades(found[0], found[1]);
  return { lines, scale: 'log', range, format: exact, note: '', band: null, gaps: [] };
}

function lineOf<Color>(
  table: Float64Array,
  name: 'std' | 'gradientStd',
  label: string,
  color: Color,
  faint: boolean,
): Line<Color>[] {
  const layers = Array.from({ length: table.length / WIDTH }, (_, i) => i);
  const y = Float64Array.from(layers, (i) => table[i * WIDTH + LAYER_NUMBERS.indexOf(name)]!);
  // The gradient of the input nobody needs; where nothing was measured is nothing to draw.
  const known = layers.filter((i) => i > 0 || !Number.isNaN(y[i]!));
  if (!known.some((i) => !Number.isNaN(y[i]!))) return [];
  const points = {
    id: label,
    label,
    x: Float64Array.from(known),
    y: Float64Array.from(known, (i) => y[i]!),
  };
  return [
    line(label, points, color, {
      width: faint ? 1.2 : 1.8,
      dash: faint ? [3, 3] : [],
      dots: known.length < 40 && !faint,
      label,
      rank: faint ? 1 : 0,
    }),
  ];
}

function decades(min: number, max: number): [number, number] {
  const low = Math.floor(Math.log10(min));
  const high = Math.max(low + 2, Math.ceil(Math.log10(max)));
  return [10 ** low, 10 ** high];
}
