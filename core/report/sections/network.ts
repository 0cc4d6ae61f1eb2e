import { formatShape } from '../../network/shapes.ts';
import type { Cell } from '../chart/table.ts';
import { details, facts, tableOf } from '../figure.ts';
import { count } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportSource } from '../source.ts';

/** What was trained, where and how, and the config that says so. */
export function networkSection({ history, folder, config }: ReportSource): Markup {
  const { plan, kernels, threads, threadsNote, seed, batchSize, stepsPerEpoch, formatVersion } =
    history.started!;
  const layers = tableOf({
    columns: ['layer', 'output', 'parameters'],
    rows: plan.layers.map(({ label, outputShape, parameters }): Cell[] => {
      const sizes = parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
      return [label, formatShape(outputShape), count(sizes.reduce((a, b) => a + b, 0))];
    }),
  });
  const entries: [string, string][] = [
    ['parameters', count(plan.parameterCount)],
    ['batch size', count(batchSize)],
    ['steps an epoch', count(stepsPerEpoch)],
    ['seed', String(seed)],
    ['kernels', kernels],
    ['threads', `${threads}${threadsNote ? ` (${threadsNote})` : ''}`],
    ['memory', `${count(Math.ceil(plan.arenaBytes / 2 ** 20))} MB`],
    ['log format', String(formatVersion)],
    ['run', folder],
  ];
  const text =
    config === null
      ? markup`<p class="missing">The config of this run is missing from its folder, or cannot be read.</p>`
      : markup`<pre>${config}</pre>`;
  return markup`<section><h2>Network and environment</h2>${facts(entries)}${details(`Layers, from ${formatShape(plan.inputShape)}`, layers)}</section>
<section><h2>Config</h2>${text}</section>`;
}
