import { element } from '../dom.ts';
import type { Theme } from '../theme.ts';
import { LayerMaps } from './layer-maps.ts';
import type { Section, Subject, Tools } from './section.ts';
import { UnitDetail } from './unit-detail.ts';
import { Work } from './work.ts';

/** The network as a column of layers, each with what it makes of the example; a unit can be looked into. */
export class FeatureMaps implements Section {
  readonly element: HTMLElement;
  readonly #tools: Tools;
  readonly #work = new Work('Computing feature maps');
  readonly #rows = element('div', { class: 'layer-maps' });
  readonly #observer: IntersectionObserver;
  readonly #visible = new Set<number>();
  readonly #detail: UnitDetail;
  #layers: LayerMaps[] = [];
  #subject: Subject | null = null;
  #theme: Theme;
  #isSeen = false;
  /** Which layers are being asked for. */
  #asking = '';

  constructor(tools: Tools, theme: Theme) {
    this.#tools = tools;
    this.#theme = theme;
    this.#detail = new UnitDetail(tools, theme);
    const note = element('p', {
      class: 'note',
      text: 'Blue is positive, orange negative; each layer has a scale of its own. Click a unit to look into it.',
    });
    this.element = element('div', {}, note, this.#work.element, this.#rows);
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: '200px',
    });
    let drawn = 0;
    new ResizeObserver(([{ contentRect }]) => {
      // Each row that gets its maps makes it higher.
      if (contentRect.width === drawn) return;
      drawn = contentRect.width;
      this.#paint();
    }).observe(this.#rows);
  }

  show(subject: Subject): void {
    if (this.#layers.length === 0) this.#build(subject);
    this.#subject = subject;
    this.#isSeen = true;
    this.#asking = '';
    this.#detail.show(subject);
    void this.#ask();
  }

  hide(): void {
    this.#isSeen = false;
    this.#work.stop();
    this.#detail.hide();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    this.#detail.paint(theme);
    this.#paint();
  }

  #build({ facts }: Subject): void {
    this.#layers = facts.layers.map(
      (layer, index) => new LayerMaps(layer, index, (unit) => this.#toggle(index, unit)),
    );
    this.#rows.replaceChildren(...this.#layers.map((layer) => layer.element));
    for (const { element } of this.#layers) this.#observer.observe(element);
  }

  #seen(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const index = this.#layers.findIndex((layer) => layer.element === target);
      if (isIntersecting) this.#visible.add(index);
      else this.#visible.delete(index);
    }
    if (this.#isSeen) void this.#ask();
  }

  /** The layers that are seen and lack their maps of this example. */
  async #ask(): Promise<void> {
    const { example } = this.#subject!;
    const layers = [...this.#visible]
      .filter((layer) => !this.#layers[layer]!.isOf(example))
      .sort((a, b) => a - b);
    if (layers.length === 0 || this.#asking === layers.join()) return;
    this.#asking = layers.join();
    const found = await this.#work.run((options) =>
      this.#tools.ask({ type: 'featureMaps', example, layers }, options),
    );
    if (!found) return;
    this.#asking = '';
    for (const map of found) this.#layers[map.layer]!.show(example, map, this.#theme);
    if (this.#isSeen) void this.#ask();
  }

  #toggle(layer: number, unit: number): void {
    const isOpen = this.#detail.isOf(layer, unit);
    for (const [index, maps] of this.#layers.entries())
      maps.choose(!isOpen && index === layer ? unit : null, this.#theme);
    if (isOpen) {
      this.#detail.close();
      return;
    }
    this.#layers[layer]!.element.after(this.#detail.element);
    this.#detail.open(layer, unit);
  }

  #paint(): void {
    for (const layer of this.#layers) layer.paint(this.#theme);
  }
}
