import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { brief } from '../format.ts';
import type { LayerMoments, Picture } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { sized } from './canvas.ts';
import { drawHistogram, type HistogramLook, histogramSvg } from './histogram.ts';
import type { Inside } from './inside.ts';
import { COLUMNS } from './row.ts';
import { histogramTable } from './tables.ts';

const KINDS: { [kind: string]: string } = {
  activation: 'activations',
  activationGradient: 'activation gradients',
  parameter: '',
  parameterGradient: 'gradients',
  update: 'updates',
};
const FULL = 200;

/** A layer enlarged: the histogram of each of its tensors at the chosen moment, with its axis. */
export class LayerDetail {
  readonly element: HTMLTableRowElement;
  readonly tensors: number[];
  readonly #panels: { tensor: number; panel: HistogramPanel }[];

  constructor(moments: LayerMoments, layer: number) {
    this.tensors = moments.tensors.flatMap((tensor, i) => (tensor.layer === layer ? [i] : []));
    this.#panels = this.tensors.map((tensor) => {
      const { kind, parameter } = moments.tensors[tensor]!;
      const title = [parameter, KINDS[kind]].filter(Boolean).join(' ');
      return {
        tensor,
        panel: new HistogramPanel(moments.layers[layer]!.label, title, kind.endsWith('Gradient')),
      };
    });
    const cell = element(
      'td',
      { colspan: String(COLUMNS.length) },
      element('div', { class: 'histograms' }, ...this.#panels.map(({ panel }) => panel.element)),
    );
    this.element = element('tr', { class: 'detail' }, cell);
  }

  draw({ pictures }: Inside, moment: number, theme: Theme): void {
    for (const { tensor, panel } of this.#panels) panel.draw(pictures.get(tensor), moment, theme);
  }
}

class HistogramPanel {
  readonly element: HTMLElement;
  readonly #layer: string;
  readonly #title: string;
  readonly #gradient: boolean;
  readonly #canvas = element('canvas', { role: 'img', tabindex: '0' });
  readonly #note = element('span', { class: 'note' });
  #shown: { picture: Picture; moment: number; theme: Theme } | null = null;
  #column: number | null = null;

  constructor(layer: string, title: string, gradient: boolean) {
    this.#layer = layer;
    this.#title = title;
    this.#gradient = gradient;
    this.element = element('figure', { class: 'histogram' }, this.#canvas);
    const button = exportButton(this.element, title, () => this.#exportable());
    this.element.prepend(
      element('figcaption', {}, element('h3', { text: title }), this.#note, button),
    );
    this.#canvas.addEventListener('pointermove', ({ offsetX }) => {
      this.#read(
        Math.floor((offsetX / this.#canvas.clientWidth) * (this.#shown?.picture.columns ?? 0)),
      );
    });
    this.#canvas.addEventListener('pointerleave', () => this.#read(null));
    this.#canvas.addEventListener('blur', () => this.#read(null));
    this.#canvas.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined || !this.#shown) return;
      event.preventDefault();
      const middle = this.#shown.picture.columns >> 1;
      this.#read((this.#column ?? middle - step) + step);
    });
  }

  draw(picture: Picture | null | undefined, moment: number, theme: Theme): void {
    this.#shown = picture ? { picture, moment, theme } : null;
    this.#canvas.hidden = !picture;
    if (picture) this.#paint();
    else setText(this.#note, picture === null ? 'nothing finite was measured' : '');
  }

  #read(column: number | null): void {
    const most = (this.#shown?.picture.columns ?? 1) - 1;
    this.#column = column === null ? null : Math.max(0, Math.min(most, column));
    if (this.#shown) this.#paint();
  }

  #paint(): void {
    const { picture, moment, theme } = this.#shown!;
    const { from, to, columns, density, full } = picture;
    const value = (column: number) => from + ((to - from) * column) / columns;
    const shares = density.subarray(moment * columns, (moment + 1) * columns);
    const range = `${brief(from)} … ${brief(to)}`;
    const at = this.#column;
    const share = at === null ? 0 : (shares[at]! * full) / FULL;
    const more = at !== null && shares[at] === 255 ? '≥ ' : '';
    const reading =
      at === null
        ? range
        : `${brief(value(at))} … ${brief(value(at + 1))}: ${more}${Number((100 * share).toPrecision(2))} %`;
    setText(this.#note, reading);
    setAttribute(this.#canvas, 'aria-label', `${this.#title}: ${reading}`);
    const place = sized(this.#canvas);
    if (!place) return;
    drawHistogram(place.context, place, picture, moment, { ...this.#colors(theme), read: at });
  }

  #colors(theme: Theme): Omit<HistogramLook, 'read'> {
    return { color: this.#gradient ? theme.layers[0] : theme.train, theme };
  }

  #exportable(): Exportable | null {
    if (!this.#shown) return null;
    const { picture, moment, theme } = this.#shown;
    const title = `${this.#layer} ${this.#title}`;
    return {
      name: title,
      table: () => histogramTable(title, picture, moment),
      picture: {
        of: 'lines',
        svg: () => histogramSvg(title, picture, moment, { ...this.#colors(theme), read: null }),
      },
    };
  }
}
