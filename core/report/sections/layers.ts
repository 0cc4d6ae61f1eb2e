import type { Histogram } from '../../events/histogram.ts';
import { LAYER_NUMBERS, type LayerNumber, layerTable } from '../../inspection/layer-table.ts';
import { pictureOf } from '../../inspection/picture.ts';
import { formatShape } from '../../network/shapes.ts';
import { histogramsOf } from '../../runs/look-histograms.ts';
import { SvgPen, svgOf } from '../chart/pen.ts';
import { drawRidges, evenly } from '../chart/ridges.ts';
import type { Cell } from '../chart/table.ts';
import { profileContent } from '../curves/profile.ts';
import { chartFigure, details, missing, tableOf } from '../figure.ts';
import { brief, count } from '../format.ts';
import { Markup, markup } from '../markup.ts';
import type { ReportSource } from '../source.ts';

/** How many moments a picture shows, in how many columns: fewer where there are many layers. */
const FINE = { moments: 9, columns: 48 };
const COARSE = { moments: 5, columns: 32 };
const MANY = 40;
const RIDGES = { width: 170, height: 58 };

const PROFILE = {
  activations: 'var(--train)',
  gradients: 'var(--first)',
  activationsAtInit: 'color-mix(in srgb, var(--train) 55%, var(--background))',
  gradientsAtInit: 'color-mix(in srgb, var(--first) 55%, var(--background))',
};

/** What went on inside each layer. */
export async function layersSection({ history }: ReportSource): Promise<Markup> {
  const { plan } = history.started!;
  const { distributions, activity } = history.inspected;
  const { events } = distributions;
  if (events.length === 0)
    return markup`<section><h2>Layers</h2>${missing('Nothing inside this network was measured: it was trained with inspect: none, or ended before its first step.')}</section>`;
  const grain = plan.layers.length > MANY ? COARSE : FINE;
  const moments = evenly(events.length - 1, grain.moments).map((i) => events[i]!);
  const tables = moments.map((event) => layerTable(plan, event, activity.before(event.step)));
  const last = moments.at(-1)!;
  const when = `after ${count(last.step)} ${last.step === 1 ? 'step' : 'steps'}, on ${last.batch === 'probe' ? 'the probe' : 'the batch of that step'}`;
  const content = profileContent(tables[0]!, tables.at(-1)!, PROFILE);
  content.note = `standard deviation, ${when} · layer 0 is the input`;
  const profile = chartFigure('Do signals keep their size from layer to layer?', content, {
    ...{ width: 760, height: 240, axis: 'layers' },
    max: Math.max(1, plan.layers.length),
  });
  const number = (table: Float64Array, layer: number, name: LayerNumber) =>
    table[(layer + 1) * LAYER_NUMBERS.length + LAYER_NUMBERS.indexOf(name)]!;
  const tensors = plan.layers.flatMap((_, layer) => [1 + 2 * layer, 2 + 2 * layer]);
  const histograms = await histogramsOf(moments, tensors);
  const ridgesOf = (tensor: number, title: string, color: string) =>
    ridges(
      histograms.map((moment) => moment[tensor - 1]!),
      { columns: grain.columns, title, color },
    );
  const rows = plan.layers.map(({ label, outputShape }, layer) => {
    const now = (name: LayerNumber) => number(tables.at(-1)!, layer, name);
    const broken = now('nonFinite') > 0 ? ` · ${percent(now('nonFinite'))} NaN or ∞` : '';
    return markup`<tr><th scope="row">${label}<br><span class="dim">${formatShape(outputShape)}</span></th>
<td>${ridgesOf(1 + 2 * layer, `Activations of ${label}`, 'var(--train)')}</td>
<td>${ridgesOf(2 + 2 * layer, `Gradients of ${label}`, 'var(--first)')}</td>
<td>${word(now('mean'))} ± ${word(now('std'))}${broken}</td><td>${trouble(now('dead'), now('saturated'))}</td><td>${word(now('gradientStd'))}</td><td>${word(now('ratio'))}</td></tr>\n`;
  });
  const heads = [
    ...['layer', 'activations over time', 'gradients over time', 'mean ± std'],
    ...['dead / saturated', 'gradient std', 'update : weight'],
  ].map((head) => markup`<th scope="col">${head}</th>`);
  const overTime = (title: string, name: LayerNumber) =>
    details(
      title,
      tableOf({
        columns: ['layer', ...moments.map(({ step }) => `step ${count(step)}`)],
        rows: plan.layers.map(({ label }, layer): Cell[] => [
          label,
          ...tables.map((table) => number(table, layer, name)),
        ]),
      }),
    );
  return markup`<section><h2>Layers</h2>
${profile}
<h3>What goes on inside each layer? <span class="dim">${when}</span></h3>
<div class="wide"><table class="layers"><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>
${overTime('Activations: standard deviation over time', 'std')}
${overTime('Gradients: standard deviation over time', 'gradientStd')}</section>`;
}

function ridges(
  moments: readonly Histogram[],
  { columns, title, color }: { columns: number; title: string; color: string },
): Markup {
  const picture = pictureOf(moments, columns);
  if (!picture) return markup`<span class="dim">no finite value</span>`;
  const pen = new SvgPen();
  drawRidges(pen, RIDGES, picture, moments.length - 1, {
    front: color,
    behind: (nearness) =>
      `color-mix(in srgb, var(--background), ${color} ${Math.round(35 + 40 * nearness)}%)`,
    background: 'var(--background)',
    zero: 'var(--grid)',
  });
  const svg = new Markup(svgOf(title, RIDGES.width, RIDGES.height, pen.markup));
  return markup`${svg}<div class="ends dim"><span>${brief(picture.from)}</span><span>${brief(picture.to)}</span></div>`;
}

const word = (value: number) => (Number.isNaN(value) ? '–' : brief(value));

function trouble(dead: number, saturated: number): string {
  if (!Number.isNaN(dead)) return `${percent(dead)} dead`;
  return Number.isNaN(saturated) ? '–' : `${percent(saturated)} saturated`;
}

/** No share is rounded to none, nor to all. */
function percent(share: number): string {
  if (share > 0 && share < 0.005) return '< 1 %';
  return `${share < 1 && share > 0.99 ? 99 : Math.round(100 * share)} %`;
}
