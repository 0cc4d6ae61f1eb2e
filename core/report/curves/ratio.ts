import { type Content, extent } from '../chart/content.ts';
import { exact } from '../format.ts';
import { type CurveColors, line, type RunSeries } from './lines.ts';

/** Around 1e-3 an update changes its weights neither too fast nor too slowly: half a decade each way. */
const WANTED = { from: 10 ** -3.5, to: 10 ** -2.5 };

/** ‖update‖ / ‖W‖ of each parameter set: a color a layer, dashes for biases. */
export function ratioContent<Color>(run: RunSeries, colors: CurveColors<Color>): Content<Color> {
  const sets = [...run.values()].filter(({ id }) => id.startsWith('ratio:'));
  const layerOf = (id: string) => id.slice(0, id.lastIndexOf('.'));
  const layers = [...new Set(sets.map(({ id }) => layerOf(id)))];
  const lines = sets.map((set, i) => {
    const depth = layers.indexOf(layerOf(set.id)) / Math.max(1, layers.length - 1);
    const biases = !set.id.endsWith('.weights');
    const { label } = set;
    // Weights are what the rule of thumb is about: biases stay behind them.
    return line(label, set, biases ? colors.biases(depth) : colors.weights(depth), {
      width: biases ? 0.8 : 1.2,
      dash: biases ? [2, 2] : [],
      label,
      // weights keep their labels where there is no room for all
      rank: i + (biases ? sets.length : 0),
      alarm: `ratio of ${label}`,
    });
  });
  const found = extent(lines, true);
  const half = (value: number, round: (x: number) => number) =>
    10 ** (round(Math.log10(value) * 2) / 2);
  const range: [number, number] | null = found && [
    half(Math.min(found[0], 2e-4), Math.floor),
    half(Math.max(found[1], 5e-3), Math.ceil),
  ];
  const band = { ...WANTED, color: colors.good };
  return { lines, scale: 'log', range, format: exact, note: 'want about 1e-3', band, gaps: [] };
}
