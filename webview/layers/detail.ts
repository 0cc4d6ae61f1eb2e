import { linearTicks, linearTickTexts } from '../../core/report/chart/ticks.ts';
import { FONT_SIZE } from '../chart/graph.ts';
import { css } from '../color.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { brief } from '../format.ts';
import type { LayerMoments, Picture } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { sized } from './canvas.ts';
import type { Inside } from './inside.ts';
import { COLUMNS } from './row.ts';

const KINDS: { [kind: string]: string } = {
  activation: 'activations',
  activationGradient: 'activation gradients',
  parameter: '',
  parameterGradient: 'gradients',
  update: 'updates',
};
/** Room below for the axis. Pixels. */
const AXIS = 18;
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
      return { tensor, panel: new HistogramPanel(title, kind.endsWith('Gradient')) };
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
  readonly #title: string;
  readonly #gradient: boolean;
  readonly #canvas = element('canvas', { role: 'img', tabindex: '0' });
  readonly #note = element('span', { class: 'note' });
  #shown: { picture: Picture; moment: number; theme: Theme } | null = null;
  #column: number | null = null;

  constructor(title: string, gradient: boolean) {
    this.#title = title;
    this.#gradient = gradient;
    const caption = element('figcaption', {}, element('h3', { text: title }), this.#note);
    this.element = element('figure', { class: 'histogram' }, caption, this.#canvas);
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
    const { context, width, height } = place;
    const base = height - AXIS;
    const step = width / columns;
    const color = this.#gradient ? theme.layers[0] : theme.train;
    for (let column = 0; column < columns; column++) {
      context.fillStyle = css(column === at ? theme.foreground : color);
      const high = (Math.min(1.2, shares[column]! / FULL) / 1.2) * (base - 4);
      context.fillRect(column * step, base - high, Math.max(1, step - 0.5), high);
    }
    context.fillStyle = css(theme.grid);
    context.fillRect(0, base, width, 1);
    const ticks = linearTicks(from, to, Math.max(3, Math.floor(width / 55)));
    const texts = linearTickTexts(ticks);
    context.fillStyle = css(theme.dim);
    context.font = `${FONT_SIZE}px ${theme.font}`;
    context.textBaseline = 'bottom';
    for (const [i, tick] of ticks.entries()) {
      const x = ((tick - from) / (to - from)) * width;
      context.textAlign = x < 14 ? 'left' : x > width - 14 ? 'right' : 'center';
      context.fillText(texts[i]!, x, height);
    }
  }
}
