import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { type Exportable, pixelSvg } from '../export/exportable.ts';
import { brief } from '../format.ts';
import type { LayerMoments, Picture } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { drawDeviations } from './deviation.ts';
import { history, type Inside, numberOf } from './inside.ts';
import { type DrawnSpread, drawSpread, type SpreadStyle, spreadsSvg } from './spread.ts';
import { layerTable } from './tables.ts';

export const COLUMNS = [
  'layer',
  'activations over time',
  'gradients over time',
  'mean ± std',
  'dead / saturated',
  'update : weight',
] as const;

/** One layer: how its values are spread and what is wrong with them, in one line. */
export class LayerRow {
  readonly element = element('tr', { class: 'layer' });
  readonly #layer: number;
  readonly #name = element('button', { type: 'button', class: 'name', 'aria-expanded': 'false' });
  readonly #shape = element('span', { class: 'dim' });
  readonly #spreads = {
    activations: new Spread('activations'),
    gradients: new Spread('gradients'),
  };
  readonly #deviations = element('canvas', { role: 'img' });
  readonly #deviationBox = element('div', { class: 'deviations' });
  readonly #bar = element('span', { class: 'bar' });
  readonly #fill = element('span');
  readonly #share = element('span');
  readonly #ratio = element('td', { class: 'number' });
  /** What was drawn last. */
  #shown: { moments: LayerMoments; style: SpreadStyle; theme: Theme } | null = null;
  #range: { of: LayerMoments; range: [number, number] } | null = null;

  constructor(layer: number, toggled: () => void) {
    this.#layer = layer;
    this.#name.addEventListener('click', toggled);
    this.#bar.append(this.#fill);
    const button = exportButton(this.element, 'layer', () => this.#exportable());
    this.element.append(
      element('th', { scope: 'row' }, this.#name, button, this.#shape),
      element('td', {}, this.#spreads.activations.element),
      element('td', {}, this.#spreads.gradients.element),
      element('td', {}, this.#deviationBox),
      element('td', { class: 'share' }, this.#bar, this.#share),
      this.#ratio,
    );
  }

  #exportable(): Exportable | null {
    const shown = this.#shown;
    if (!shown) return null;
    const { moments, theme, style } = shown;
    const { label } = moments.layers[this.#layer]!;
    const spreads = Object.values(this.#spreads);
    const title = `${label}: activations and gradients over time`;
    return {
      name: label,
      table: () => layerTable(moments, this.#layer),
      picture:
        style === 'heat'
          ? {
              of: 'pixels',
              svg: () =>
                pixelSvg(
                  title,
                  spreads.map(({ canvas }) => canvas),
                  theme,
                ),
            }
          : {
              of: 'lines',
              svg: () =>
                spreadsSvg(
                  title,
                  spreads.map(({ shown }) => shown),
                  theme,
                ),
            },
    };
  }

  /**
   * Whether it is before the user's eyes. The pictures of others are not in the page: of a hundred rows they take
   * longer at each frame than those that are seen.
   */
  set seen(seen: boolean) {
    for (const spread of Object.values(this.#spreads)) spread.attached = seen;
    this.#deviationBox.replaceChildren(...(seen ? [this.#deviations] : []));
  }

  /** Where its tensors stand among all. */
  get tensors(): number[] {
    return [1 + 2 * this.#layer, 2 + 2 * this.#layer];
  }

  /** It has been updated once. */
  get named(): boolean {
    return this.#name.textContent !== '';
  }

  /** Text and numbers; cheap. */
  update({ moments }: Inside, moment: number, expanded: boolean): void {
    const { label, outputShape } = moments.layers[this.#layer]!;
    setText(this.#name, label);
    setText(this.#shape, outputShape.join('×'));
    setAttribute(this.#name, 'aria-expanded', String(expanded));
    const { text, share } = troubled(moments, moment, this.#layer);
    setText(this.#share, text);
    this.#bar.hidden = share === null;
    this.#fill.style.backgroundSize = `${100 * (share ?? 0)}% 100%`;
    this.#bar.classList.toggle('much', (share ?? 0) >= 0.25);
    const ratio = numberOf(moments, moment, this.#layer, 'ratio');
    setText(this.#ratio, Number.isNaN(ratio) ? '–' : brief(ratio));
  }

  /** The pictures, in words; while they are before the user's eyes. */
  tell({ moments, pictures }: Inside, moment: number): void {
    const at = (name: Parameters<typeof numberOf>[3]) =>
      numberOf(moments, moment, this.#layer, name);
    const [activation, gradient] = this.tensors.map((tensor) => pictures.get(tensor));
    const { label } = moments.layers[this.#layer]!;
    const { activations, gradients } = this.#spreads;
    const outputs = { mean: at('mean'), std: at('std'), broken: at('nonFinite') };
    activations.tell(activation, `Activations of ${label}`, outputs);
    gradients.tell(gradient, `Gradients of ${label}`, {
      mean: Number.NaN,
      std: at('gradientStd'),
      broken: at('gradientNonFinite'),
    });
    const told = { init: 0, now: moment };
    const words = Object.entries(told).map(([when, of]) => {
      const [mean, std] = (['mean', 'std'] as const).map((name) =>
        brief(numberOf(moments, of, this.#layer, name)),
      );
      return `${when} ${mean} ± ${std}`;
    });
    setAttribute(
      this.#deviations,
      'aria-label',
      `Mean and deviation of ${label}: ${words.join(', ')}`,
    );
    setAttribute(this.#deviations, 'title', words.join(', '));
  }

  /** Those that are shown. */
  get canvases(): HTMLCanvasElement[] {
    const spreads = Object.values(this.#spreads).map(({ canvas }) => canvas);
    return [...spreads, this.#deviations].filter(({ hidden }) => !hidden);
  }

  /** The pictures themselves, once they are told and measured. */
  draw({ moments, pictures }: Inside, moment: number, style: SpreadStyle, theme: Theme): void {
    this.#shown = { moments, style, theme };
    const [activation, gradient] = this.tensors.map((tensor) => pictures.get(tensor));
    const { activations, gradients } = this.#spreads;
    activations.draw(activation, moment, style, theme.train, theme);
    gradients.draw(gradient, moment, style, theme.layers[0], theme);
    const line = (name: string, of: number, color: Theme['train']) => ({
      label: name,
      mean: numberOf(moments, of, this.#layer, 'mean'),
      std: numberOf(moments, of, this.#layer, 'std'),
      color,
    });
    const lines = [line('init', 0, theme.dim), line('now', moment, theme.train)];
    drawDeviations(this.#deviations, lines, this.#rangeOf(moments), theme);
  }

  /** What mean ± std has been at any moment. */
  #rangeOf(moments: LayerMoments): [number, number] {
    if (this.#range?.of !== moments) {
      const stds = history(moments, this.#layer, 'std');
      const ends = history(moments, this.#layer, 'mean')
        .flatMap((mean, i) => [mean - stds[i]!, mean + stds[i]!])
        .filter(Number.isFinite);
      this.#range = { of: moments, range: [Math.min(...ends), Math.max(...ends)] };
    }
    return this.#range.range;
  }
}

interface Summary {
  mean: number;
  std: number;
  /** Fraction that is NaN or infinite. */
  broken: number;
}

/** The canvas of a tensor, with what cannot be drawn said in words. */
class Spread {
  readonly element: HTMLElement;
  readonly canvas = element('canvas', { role: 'img' });
  /** What was drawn last. */
  shown: DrawnSpread | null = null;
  readonly #note = element('span', { class: 'broken' });
  readonly #ends = [element('span'), element('span')] as const;

  readonly #parts: HTMLElement[];

  constructor(kind: string) {
    const ends = element('span', { class: 'ends', 'aria-hidden': 'true' }, ...this.#ends);
    this.#parts = [this.canvas, this.#note, ends];
    this.element = element('div', { class: `spread ${kind}` });
  }

  set attached(attached: boolean) {
    this.element.replaceChildren(...(attached ? this.#parts : []));
  }

  tell(picture: Picture | null | undefined, title: string, { mean, std, broken }: Summary): void {
    this.canvas.hidden = !picture;
    const percent = `${Number((100 * broken).toPrecision(2))} % NaN or ∞`;
    const none = picture === null ? (broken > 0 ? 'no finite value' : 'not measured') : '';
    setText(this.#note, broken > 0 && picture ? percent : none);
    this.#note.classList.toggle('error', broken > 0);
    setText(this.#ends[0], picture ? brief(picture.from) : '');
    setText(this.#ends[1], picture ? brief(picture.to) : '');
    const numbers = Number.isNaN(mean) ? '' : `mean ${brief(mean)}, `;
    setAttribute(
      this.canvas,
      'aria-label',
      `${title}: ${numbers}deviation ${brief(std)}${broken > 0 ? `, ${percent}` : ''}`,
    );
  }

  draw(
    picture: Picture | null | undefined,
    moment: number,
    style: SpreadStyle,
    color: Theme['train'],
    theme: Theme,
  ): void {
    this.shown = picture ? { picture, moment, color } : null;
    if (picture) drawSpread(this.canvas, picture, moment, style, color, theme);
  }
}

/** The fraction of a layer that does not learn: dead units, or saturated values. */
function troubled(
  moments: LayerMoments,
  moment: number,
  layer: number,
): { text: string; share: number | null } {
  for (const name of ['dead', 'saturated'] as const) {
    const share = numberOf(moments, moment, layer, name);
    if (!Number.isNaN(share)) return { text: `${percentOf(share)} ${name}`, share };
  }
  return { text: '–', share: null };
}

/** No share is rounded to none, nor to all. */
function percentOf(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 1) return '< 1 %';
  return `${percent > 99 && percent < 100 ? 99 : Math.round(percent)} %`;
}
