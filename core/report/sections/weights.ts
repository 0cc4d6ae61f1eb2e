import { encode } from 'fast-png';
import { colorsOf, LEVELS, type Palette, rangeOf } from '../../inspection/filters/colors.ts';
import { type Filters, filterAt, filtersOf } from '../../inspection/filters/filters.ts';
import { firstLayer } from '../../inspection/filters/layout.ts';
import { FILTER_NUMBERS, nameOf, numbersOf } from '../../inspection/filters/numbers.ts';
import { layerSmoothness } from '../../inspection/filters/smoothness.ts';
import { decodeWeights } from '../../inspection/weight-codes.ts';
import { figure, missing } from '../figure.ts';
import { count } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportSource } from '../source.ts';

/** Of all images together: weights compress badly. */
const MOST_VALUES = 200_000;
const WIDTH = 760;
const SIDE = 64;
const GAP = 2;

/** The first layer's weights as images. */
export function weightsSection({ history }: ReportSource): Markup {
  return markup`<section><h2>First layer</h2>${content(history)}</section>`;
}

function content({ started, inspected }: ReportSource['history']): Markup {
  const first = firstLayer(started!.plan);
  if (!first) return missing('No layer of this network has weights.');
  if (!first.layout) return missing(first.reason);
  const event = inspected.weights[first.parameter]?.events.at(-1);
  if (!event) return missing('The weights of this run were not kept.');
  const filters = filtersOf(decodeWeights(event), first.layout);
  const { width, height, channels } = filters;
  const fitting = Math.max(1, Math.floor(MOST_VALUES / (width * height * channels)));
  const shown = Math.min(filters.count, fitting);
  const { verdict, explanation } = layerSmoothness(filters, event.step);
  const title = `What does each unit of ${first.layer.label} look for?`;
  const kind = channels === 3 ? 'in color' : 'grey: black negative, white positive';
  const note = `${shown < filters.count ? `the first ${count(shown)} of ` : ''}${count(filters.count)} images of ${width} × ${height}, ${kind}, each with its own scale`;
  const told = markup`<p class="told">${verdict ? markup`<b>${verdict}</b>. ` : null}${explanation}</p>`;
  const rows = Array.from({ length: shown }, (_, i) => [
    nameOf(filters, i),
    ...numbersOf(filters, i),
  ]);
  return markup`${told}${figure(title, note, image(title, filters, shown), { columns: ['unit', ...FILTER_NUMBERS], rows })}`;
}

/** All in one image, each weight a square of pixels. */
function image(title: string, filters: Filters, shown: number): Markup {
  const { width, height, channels } = filters;
  const scale = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
  const [wide, high] = [width * scale + GAP, height * scale + GAP];
  const columns = Math.max(1, Math.min(shown, Math.floor((WIDTH + GAP) / wide)));
  const size = {
    width: columns * wide - GAP,
    height: Math.ceil(shown / columns) * high - GAP,
  };
  const pixels = new Uint32Array(size.width * size.height);
  for (let index = 0; index < shown; index++) {
    const values = filterAt(filters, index);
    const colors = colorsOf(values, channels, rangeOf(filters, values), GREY);
    const left = (index % columns) * wide;
    const top = Math.floor(index / columns) * high;
    for (let y = 0; y < height * scale; y++)
      for (let x = 0; x < width * scale; x++)
        pixels[(top + y) * size.width + left + x] =
          colors[Math.floor(y / scale) * width + Math.floor(x / scale)]!;
  }
  const png = encode({ ...size, data: new Uint8Array(pixels.buffer), channels: 4 });
  const data = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return markup`<img class="filters" alt="${title}" width="${size.width}" height="${size.height}" src="${data}">`;
}

/** Black, grey at 0, white; and red for what is not finite. As bytes red, green, blue, opacity. */
const GREY: Palette = Uint32Array.from({ length: LEVELS + 1 }, (_, level) =>
  level === LEVELS ? 0xff3030e0 : (0xff000000 | (level * 0x010101)) >>> 0,
);
