import { element, setText } from '../dom.ts';
import { Scrubber } from '../layers/scrubber.ts';
import type { WantedWeights, WeightsOverview } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { emptyText, leftOut } from './empty.ts';
import { FirstLayer } from './first-layer.ts';
import { MatrixPanel } from './matrix-panel.ts';
import { keyOf, valuesAt, type WeightsChoice, type WeightsState } from './state.ts';

/** The weights of every layer at a moment: the first as images, the others as matrices. */
export class Weights {
  readonly element: HTMLElement;
  readonly #notice = element('p', { class: 'notice' });
  readonly #content: HTMLElement;
  readonly #scrubber: Scrubber;
  readonly #reason = element('p', { class: 'reason' });
  readonly #views = element('div', { class: 'weight-views' });
  readonly #tooLarge = element('p', { class: 'reason' });
  readonly #wants: (wanted: WantedWeights[]) => void;
  readonly #chose: (choice: WeightsChoice) => void;
  #choice: WeightsChoice;
  /** Which views are before the user's eyes: only these are asked for and drawn. */
  readonly #visible = new Set<Element>();
  readonly #observer: IntersectionObserver;
  #first: FirstLayer | null = null;
  #matrices: MatrixPanel[] = [];
  /** The network that the views are for. */
  #network = '';
  #state: WeightsState | null = null;
  #theme: Theme;
  /** What each view was drawn from, so that it is not drawn again from the same. */
  readonly #drawn = new Map<Element, string>();
  #frame = 0;

  /** `wants` is told which values are to be shown and have not come; `chose`, how the user looks at them. */
  constructor(
    choice: WeightsChoice,
    theme: Theme,
    wants: (wanted: WantedWeights[]) => void,
    chose: (choice: WeightsChoice) => void,
  ) {
    this.#choice = choice;
    this.#theme = theme;
    this.#wants = wants;
    this.#chose = chose;
    this.#scrubber = new Scrubber(() => {
      const { moment, follows } = this.#scrubber;
      this.#choose({ step: follows ? null : (this.#state?.overview.steps[moment] ?? null) });
      this.#request();
    }, choice.step);
    const tools = element('div', { class: 'bar-of-tools' }, this.#scrubber.element);
    this.#content = element('div', {}, tools, this.#reason, this.#views, this.#tooLarge);
    this.element = element('section', { class: 'weights' }, this.#notice, this.#content);
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: '200px',
    });
  }

  draw(state: WeightsState | null, live: boolean, theme: Theme): void {
    const overview = state?.overview ?? null;
    if (theme !== this.#theme || state?.run !== this.#state?.run) this.#drawn.clear();
    this.#state = state;
    this.#theme = theme;
    const empty = !overview || overview.steps.length === 0;
    this.#notice.hidden = !empty;
    this.#content.hidden = empty;
    if (empty) setText(this.#notice, emptyText(overview, live));
    else {
      this.#rebuild(state!.run, overview);
      this.#paint();
    }
  }

  /** At the next frame: scrubbing is not held back as news are. */
  #request(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (this.#state?.overview.steps.length) this.#paint();
    });
  }

  #rebuild(run: string, { first, sets, tooLarge }: WeightsOverview): void {
    const network = JSON.stringify([run, first, sets]);
    if (network === this.#network) return;
    this.#network = network;
    this.#drawn.clear();
    this.#visible.clear();
    this.#observer.disconnect();
    const pictured = first?.layout && sets.some(({ parameter }) => parameter === first.parameter);
    this.#first = pictured
      ? new FirstLayer(first, this.#choice, this.#theme, () => {
          this.#choose(this.#first!.choice);
          this.#drawn.delete(this.#first!.element);
          this.#request();
        })
      : null;
    this.#matrices = sets
      .filter(({ parameter }) => !pictured || parameter !== first.parameter)
      .map((set) => new MatrixPanel(set));
    const views = [...(this.#first ? [this.#first] : []), ...this.#matrices];
    this.#views.replaceChildren(...views.map((view) => view.element));
    for (const view of views) this.#observer.observe(view.element);
    setText(this.#reason, first && !first.layout ? first.reason : '');
    setText(this.#tooLarge, leftOut(tooLarge));
  }

  #choose(change: Partial<WeightsChoice>): void {
    this.#choice = { ...this.#choice, ...change };
    this.#chose(this.#choice);
  }

  #seen(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#visible.add(target);
      else this.#visible.delete(target);
    }
    this.#request();
  }

  #paint(): void {
    const state = this.#state!;
    const { overview } = state;
    this.#scrubber.update(overview);
    const last = overview.steps.at(-1)!;
    const step = overview.steps[this.#scrubber.moment] ?? last;
    const wanted: WantedWeights[] = [];
    /** Draws a view if it is seen, has come to look different, and has all it needs. */
    const show = (view: Element, parameter: number, steps: readonly number[], draw: () => void) => {
      if (!this.#visible.has(view)) return;
      const key = [steps, overview.resumptions, view.clientWidth, window.devicePixelRatio].join();
      if (this.#drawn.get(view) === key) return;
      const needed = steps.map((at) => ({ parameter, step: at }));
      const lacking = needed.filter((one) => !state.values.has(keyOf(one)));
      wanted.push(...lacking);
      if (lacking.length > 0) return;
      this.#drawn.set(view, key);
      draw();
    };
    const first = this.#first;
    if (first) {
      const { parameter } = overview.first!;
      show(first.element, parameter, [step, last], () => {
        const latest = `${overview.resumptions} ${last}`;
        const values = (at: number) => valuesAt(state, parameter, at);
        first.draw({ step, values: values(step), latest, last: () => values(last) }, this.#theme);
      });
    }
    for (const panel of this.#matrices)
      show(panel.element, panel.set.parameter, [step], () =>
        panel.draw(valuesAt(state, panel.set.parameter, step), this.#theme),
      );
    const missing = new Map(wanted.map((one) => [keyOf(one), one]));
    for (const key of state.asked) missing.delete(key);
    if (missing.size === 0) return;
    for (const key of missing.keys()) state.asked.add(key);
    this.#wants([...missing.values()]);
  }
}
