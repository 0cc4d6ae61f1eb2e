import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { brief, count } from '../format.ts';
import { type Inside, momentText, numberOf } from '../layers/inside.ts';
import { Scrubber } from '../layers/scrubber.ts';
import { layersTable } from '../layers/tables.ts';
import type { LayerMoments } from '../protocol.ts';

/** The bar of a gradient is full for the largest of all layers, and empty for one of 1e-8 of it. */
const DECADES = 8;
/** Sizes that differ by less than this are told to be kept. */
const KEPT = 1000;

/** A large network as a column of layers: what goes down between them, and what comes back. */
export class LayerBoxes {
  readonly element: HTMLElement;
  readonly #scrubber = new Scrubber(() => this.#request());
  readonly #verdict = element('p', { class: 'verdict', role: 'status' });
  readonly #list = element('ol', { class: 'layer-boxes' });
  #boxes: LayerBox[] = [];
  #input = new Between();
  #network = '';
  #inside: Inside | null = null;
  #frame = 0;

  constructor() {
    this.element = element('div');
    const button = exportButton(this.element, 'the layers', () => this.#exportable());
    const tools = element('div', { class: 'tools bar-of-tools' }, this.#scrubber.element, button);
    const legend = element(
      'p',
      { class: 'dim legend' },
      'Between two layers: ',
      element('span', { class: 'value', text: 'values, mean ± standard deviation' }),
      ', and below ',
      element('span', { class: 'gradient', text: 'the gradient of the loss with respect to them' }),
      '. The bar is its deviation next to the largest, on a logarithmic scale.',
    );
    this.element.append(this.#verdict, tools, legend, this.#list);
  }

  draw(inside: Inside): void {
    this.#inside = inside;
    const network = JSON.stringify([inside.run, inside.moments.layers]);
    if (network !== this.#network) this.#build(inside.moments);
    this.#network = network;
    this.#paint();
  }

  /** All layers at the moment that is shown. */
  #exportable(): Exportable | null {
    const { moments } = this.#inside ?? {};
    if (!moments) return null;
    const { moment } = this.#scrubber;
    return {
      name: `layers at step ${moments.steps[moment]}`,
      table: () => layersTable(moments, moment),
      picture: null,
    };
  }

  #build({ layers }: LayerMoments): void {
    this.#input = new Between();
    this.#boxes = layers.map((layer) => new LayerBox(layer));
    const input = element('li', {}, element('div', { class: 'box', text: 'input' }));
    input.append(this.#input.element);
    this.#list.replaceChildren(input, ...this.#boxes.map((box) => box.element));
  }

  #request(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    const inside = this.#inside;
    if (!inside) return;
    const { moments } = inside;
    this.#scrubber.update(moments);
    const { moment } = this.#scrubber;
    const at = (layer: number, name: Parameters<typeof numberOf>[3]) =>
      numberOf(moments, moment, layer, name);
    const deviations = moments.layers.map((_, layer) => at(layer, 'gradientStd'));
    const largest = Math.max(0, ...deviations.filter(Number.isFinite));
    setText(this.#verdict, `${flowVerdict(moments, moment)} (${momentText(moments, moment)}).`);
    const numbers = (layer: number) => ({
      mean: at(layer, 'mean'),
      std: at(layer, 'std'),
      gradientMean: layer < 0 ? Number.NaN : at(layer, 'gradientMean'),
      gradientStd: layer < 0 ? Number.NaN : at(layer, 'gradientStd'),
      broken: layer < 0 ? 0 : at(layer, 'gradientNonFinite'),
      largest,
    });
    this.#input.update(numbers(-1));
    for (const [layer, box] of this.#boxes.entries())
      box.update(numbers(layer), { dead: at(layer, 'dead'), saturated: at(layer, 'saturated') });
  }
}

interface Numbers {
  mean: number;
  std: number;
  /** NaN where none was measured. */
  gradientMean: number;
  gradientStd: number;
  /** The fraction of the gradient that is NaN or infinite. */
  broken: number;
  largest: number;
}

class LayerBox {
  readonly element: HTMLElement;
  readonly #trouble = element('span', { class: 'dim' });
  readonly #between = new Between();

  constructor({ label, outputShape, parameterCount, depth }: LayerMoments['layers'][number]) {
    const parameters = parameterCount > 0 ? `${count(parameterCount)} parameters` : '';
    const box = element(
      'div',
      { class: 'box' },
      element('strong', { text: label }),
      element('span', { text: outputShape.join('×') }),
      element('span', { class: 'dim', text: parameters }),
      this.#trouble,
    );
    this.element = element('li', {}, box, this.#between.element);
    // Layers of a residual block stand inside it.
    this.element.style.marginLeft = `${depth * 26}px`;
    this.element.classList.toggle('in-block', depth > 0);
  }

  update(numbers: Numbers, { dead, saturated }: { dead: number; saturated: number }): void {
    this.#between.update(numbers);
    const share = (value: number, what: string) =>
      value > 0 ? `${value < 0.01 ? '< 1' : Math.round(100 * value)} % ${what}` : '';
    setText(this.#trouble, share(dead, 'dead') || share(saturated, 'saturated'));
  }
}

/** The wire below a layer. */
class Between {
  readonly element: HTMLElement;
  readonly #value = element('span', { class: 'value' });
  readonly #gradient = element('span', { class: 'gradient' });
  readonly #bar = element('span', { class: 'flow-bar', 'aria-hidden': 'true' });
  readonly #fill = element('span');

  constructor() {
    this.#bar.append(this.#fill);
    this.element = element('div', { class: 'between' }, this.#value, this.#gradient, this.#bar);
  }

  update({ mean, std, gradientMean, gradientStd, broken, largest }: Numbers): void {
    setText(this.#value, `${brief(mean)} ± ${brief(std)}`);
    const measured = !Number.isNaN(gradientMean) || !Number.isNaN(gradientStd);
    const none = broken > 0 ? 'NaN or ∞' : '';
    setText(this.#gradient, measured ? `${brief(gradientMean)} ± ${brief(gradientStd)}` : none);
    this.#bar.hidden = !measured;
    const share = 1 + Math.log10(gradientStd / largest) / DECADES;
    this.#fill.style.transform = `scaleX(${Math.min(1, Math.max(0, share || 0))})`;
    setAttribute(this.#bar, 'data-share', (share || 0).toFixed(3));
  }
}

/** Does the gradient reach the first layer in the size that it left the last in? Without a full stop. */
function flowVerdict(moments: LayerMoments, moment: number): string {
  const { layers } = moments;
  const of = (name: Parameters<typeof numberOf>[3]) =>
    layers.map((_, layer) => numberOf(moments, moment, layer, name));
  const broken = of('gradientNonFinite').findLastIndex((share) => share > 0);
  if (broken >= 0) return `The gradient is NaN or infinite at ${layers[broken]!.label}`;
  const deviations = of('gradientStd');
  const means = of('gradientMean');
  const known = deviations.flatMap((std, i) => (Number.isNaN(std) ? [] : [i]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return 'No gradient was measured';
  const dead = known.findLast((i) => deviations[i] === 0 && means[i] === 0);
  if (dead !== undefined)
    return `The gradient dies: nothing of it is left at ${layers[dead]!.label}`;
  const ratio = deviations[first]! / deviations[last]!;
  const names = `from ${layers[last]!.label} to ${layers[first]!.label}`;
  if (ratio < 1 / KEPT) return `The gradient vanishes: it shrinks to ${brief(ratio)} ${names}`;
  if (ratio > KEPT) return `The gradient explodes: it grows ${brief(ratio)}-fold ${names}`;
  return `The gradient reaches the first layer: ${brief(ratio)} of its size is left ${names}`;
}
