import type { Filters } from '../../core/inspection/filters/filters.ts';
import { symmetricRange } from '../../core/inspection/filters/range.ts';
import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { type Exportable, pixelSvg } from '../export/exportable.ts';
import { count, exact } from '../format.ts';
import type { ExampleId, ExplorerLayer, FeatureMap } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { FilterGrid } from '../weights/filter-grid.ts';
import { signPalette } from '../weights/palette.ts';
import { rangeText } from './range.ts';
import { exampleName, sameExample } from './section.ts';
import { mapsTable } from './tables.ts';

/** Room for the maps of a layer, and for the units of one without maps. Pixels. */
const MAPS = { height: 210, largest: 56, gap: 5 };
const STRIP = { height: 60, largest: 14, gap: 1 };

/** "channel 3" of a layer that puts out images, else "unit 3": counted from 1. */
export const unitName = ({ outputShape }: ExplorerLayer, unit: number): string =>
  `${outputShape.length === 3 ? 'channel' : 'unit'} ${unit + 1}`;

/** What one layer makes of an example: a small map a channel, or a square a unit. */
export class LayerMaps {
  readonly element: HTMLElement;
  readonly #layer: ExplorerLayer;
  readonly #grid: FilterGrid;
  readonly #reading = element('span', { class: 'note' });
  #shown: { example: ExampleId; maps: Filters } | null = null;
  #chosen: number | null = null;
  #theme: Theme | null = null;

  /** `chosen` is told the unit that is clicked. */
  constructor(layer: ExplorerLayer, index: number, chosen: (unit: number) => void) {
    this.#layer = layer;
    const isImage = layer.outputShape.length === 3;
    const label = `${isImage ? 'Channels' : 'Units'} of ${layer.label}: Enter looks into one`;
    const place = { label, id: `map-${index}`, ...(isImage ? MAPS : STRIP) };
    this.#grid = new FilterGrid(place, {
      pointed: (unit) => this.#read(unit),
      chosen,
      words: (unit) => this.#words(unit),
    });
    this.element = element('div', { class: 'layer-map' });
    const button = exportButton(this.element, `what ${layer.label} makes of it`, () =>
      this.#exportable(),
    );
    this.element.append(
      element(
        'div',
        {},
        element('div', { class: 'titled' }, element('h3', { text: layer.label }), button),
        element('span', { class: 'note', text: shapeText(layer) }),
        this.#reading,
      ),
      this.#grid.element,
    );
  }

  isOf(example: ExampleId): boolean {
    return this.#shown !== null && sameExample(this.#shown.example, example);
  }

  show(example: ExampleId, map: FeatureMap, theme: Theme): void {
    this.#shown = { example, maps: mapsOf(map) };
    this.#read(null);
    this.paint(theme);
  }

  choose(unit: number | null, theme: Theme): void {
    if (unit === this.#chosen) return;
    this.#chosen = unit;
    this.paint(theme);
  }

  #exportable(): Exportable | null {
    if (!this.#shown || !this.#theme) return null;
    const { example, maps } = this.#shown;
    const theme = this.#theme;
    const name = `${this.#layer.label} of ${exampleName(example)}`;
    return {
      name,
      table: () => mapsTable(name, maps),
      picture: { of: 'pixels', svg: () => pixelSvg(name, [this.#grid.canvas], theme) },
    };
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    if (!this.#shown) return;
    const { maps } = this.#shown;
    const range = symmetricRange(maps.values);
    const order = Uint32Array.from({ length: maps.count }, (_, i) => i);
    const shown = { filters: maps, order, ranges: () => range, palette: signPalette(theme) };
    this.#grid.draw(shown, this.#chosen ?? -1);
  }

  #read(unit: number | null): void {
    if (!this.#shown) return;
    setText(this.#reading, unit === null ? rangeText(this.#shown.maps.values) : this.#words(unit));
  }

  #words(unit: number): string {
    const { maps } = this.#shown!;
    const size = maps.height * maps.width;
    const own = maps.values.subarray(unit * size, (unit + 1) * size);
    const name = unitName(this.#layer, unit);
    if (size === 1) return `${name}: ${exact(own[0]!)}`;
    return `${name}: ${rangeText(own)}`;
  }
}

function shapeText({ outputShape, field }: ExplorerLayer): string {
  const [height, width, channels] = outputShape;
  const what =
    outputShape.length === 3
      ? `${count(channels!)} × ${height} × ${width}`
      : `${count(outputShape[0]!)} ${outputShape[0] === 1 ? 'unit' : 'units'}`;
  return field ? `${what} · sees ${field.height} × ${field.width}` : what;
}

/** [height × width × channels] as images, one a channel; a row as images of one pixel. */
function mapsOf({ shape, values }: FeatureMap): Filters {
  const [height, width, channels] = shape.length === 3 ? shape : [1, 1, shape[0]!];
  const pixels = height! * width!;
  const maps = new Float32Array(values.length);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels!; channel++)
      maps[channel * pixels + pixel] = values[pixel * channels! + channel]!;
  return {
    height: height!,
    width: width!,
    channels: 1,
    count: channels!,
    perUnit: 1,
    values: maps,
  };
}
