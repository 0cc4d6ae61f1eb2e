import { Panel } from '../chart/panel.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import type { Theme } from '../theme.ts';
import { measure, whenResized } from './canvas.ts';
import { LayerDetail } from './detail.ts';
import type { Inside } from './inside.ts';
import { momentText } from './inside.ts';
import { profileContent } from './profile.ts';
import { COLUMNS, LayerRow } from './row.ts';
import { Scrubber } from './scrubber.ts';
import type { SpreadStyle } from './spread.ts';
import { layersTable } from './tables.ts';

/** Room right of the profile for its labels. Pixels. */
const LABEL_ROOM = 130;

/** The network as a column of layers, each with how its values are spread over time. */
export class Layers {
  readonly element: HTMLElement;
  readonly #notice = element('p', { class: 'notice' });
  readonly #content: HTMLElement;
  readonly #scrubber = new Scrubber(() => this.#request());
  readonly #style = element('button', { type: 'button', class: 'choice', text: 'heat map' });
  readonly #profile: Panel;
  readonly #body = element('tbody');
  readonly #wants: (tensors: number[]) => void;
  readonly #visible = new Set<number>();
  readonly #observer: IntersectionObserver;
  #rows: LayerRow[] = [];
  #detail: { layer: number; detail: LayerDetail } | null = null;
  /** The network that the rows stand for. */
  #network = '';
  #inside: Inside | null = null;
  #theme: Theme;
  #spread: SpreadStyle = 'ridges';
  #asked = '';
  #frame = 0;

  /** `wants` is told which tensors are before the user's eyes. */
  constructor(theme: Theme, wants: (tensors: number[]) => void) {
    this.#theme = theme;
    this.#wants = wants;
    this.#profile = new Panel('low', 'Do signals keep their size from layer to layer?', theme, {
      name: 'standard deviation',
    });
    this.#style.addEventListener('click', () => {
      this.#spread = this.#spread === 'ridges' ? 'heat' : 'ridges';
      this.#request();
    });
    const heads = COLUMNS.map((text) => element('th', { scope: 'col', text }));
    const caption = element('caption', { text: 'What goes on inside each layer?' });
    const table = element(
      'table',
      { class: 'layer-table' },
      caption,
      element('thead', {}, element('tr', {}, ...heads)),
      this.#body,
    );
    caption.append(exportButton(caption, 'the table of layers', () => this.#exportable()));
    const tools = element(
      'div',
      { class: 'tools bar-of-tools' },
      this.#scrubber.element,
      this.#style,
    );
    this.#content = element('div', {}, tools, this.#profile.element, table);
    this.element = element('section', { class: 'layers' }, this.#notice, this.#content);
    whenResized(() => this.#request());
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: '120px',
    });
  }

  draw(inside: Inside | null, live: boolean, theme: Theme): void {
    this.#inside = inside;
    this.#theme = theme;
    const empty = !inside || inside.moments.steps.length === 0;
    this.#notice.hidden = !empty;
    this.#content.hidden = empty;
    if (empty) {
      setText(this.#notice, emptyText(inside !== null, live));
      return;
    }
    this.#rebuild(inside);
    this.#scrubber.update(inside.moments);
    this.#paint();
  }

  /** All layers at the moment that is shown. */
  #exportable(): Exportable | null {
    const { moments } = this.#inside ?? {};
    if (!moments || moments.steps.length === 0) return null;
    const { moment } = this.#scrubber;
    return {
      name: `layers at step ${moments.steps[moment]}`,
      table: () => layersTable(moments, moment),
      picture: null,
    };
  }

  /** At the next frame: scrubbing is not held back as news are. */
  #request(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (!this.#inside) return;
      this.#scrubber.update(this.#inside.moments);
      this.#paint();
    });
  }

  #rebuild(inside: Inside): void {
    const network = JSON.stringify([inside.run, inside.moments.layers]);
    if (network === this.#network) return;
    this.#network = network;
    this.#detail = null;
    this.#observer.disconnect();
    this.#visible.clear();
    this.#rows = inside.moments.layers.map(
      (_, layer) => new LayerRow(layer, () => this.#toggle(layer)),
    );
    this.#body.replaceChildren(...this.#rows.map((row) => row.element));
    for (const row of this.#rows) this.#observer.observe(row.element);
  }

  #toggle(layer: number): void {
    const open = this.#detail?.layer === layer;
    this.#detail?.detail.element.remove();
    this.#detail = null;
    if (!open && this.#inside) {
      const detail = new LayerDetail(this.#inside.moments, layer);
      this.#rows[layer]!.element.after(detail.element);
      this.#detail = { layer, detail };
    }
    this.#ask();
    this.#request();
  }

  #seen(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const layer = this.#rows.findIndex((row) => row.element === target);
      if (layer < 0) continue;
      if (isIntersecting === this.#visible.has(layer)) continue;
      if (isIntersecting) this.#visible.add(layer);
      else this.#visible.delete(layer);
      this.#rows[layer]!.seen = isIntersecting;
    }
    this.#ask();
    this.#request();
  }

  #ask(): void {
    const visible = [...this.#visible].sort((a, b) => a - b);
    const tensors = new Set([
      ...visible.flatMap((layer) => this.#rows[layer]!.tensors),
      ...(this.#detail?.detail.tensors ?? []),
    ]);
    const asked = `${this.#network} ${[...tensors]}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#wants([...tensors]);
  }

  #paint(): void {
    const inside = this.#inside!;
    const { moment } = this.#scrubber;
    const { layers } = inside.moments;
    setAttribute(this.#style, 'aria-pressed', String(this.#spread === 'heat'));
    const horizontal = {
      axis: 'layers' as const,
      max: Math.max(1, layers.length),
      right: LABEL_ROOM,
    };
    const content = profileContent(inside.moments, moment, this.#theme);
    content.note = `standard deviation, ${momentText(inside.moments, moment)} · layer 0 is the input`;
    const title = 'Do signals keep their size from layer to layer?';
    this.#profile.draw(title, content, horizontal, this.#theme, 'Nothing finite was measured');
    for (const [layer, row] of this.#rows.entries()) {
      const seen = this.#visible.has(layer);
      // Of the others the name must be there, to be found and to give the row its height.
      if (seen || !row.named) row.update(inside, moment, this.#detail?.layer === layer);
      if (seen) row.tell(inside, moment);
    }
    const seen = [...this.#visible].map((layer) => this.#rows[layer]!);
    measure(seen.flatMap((row) => row.canvases));
    for (const row of seen) row.draw(inside, moment, this.#spread, this.#theme);
    this.#detail?.detail.draw(inside, moment, this.#theme);
  }
}

function emptyText(known: boolean, live: boolean): string {
  if (live) return 'Waiting for the first look inside…';
  if (!known) return 'Reading the run…';
  return 'Nothing inside this network was measured: it was trained with inspect: none, or ended before its first step. Train it again with inspect: { everyEpochs: 1 }.';
}
