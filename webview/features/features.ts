import { element, setText } from '../dom.ts';
import type { Theme } from '../theme.ts';
import type { ExplorerClient } from './client.ts';
import { Explored } from './explored.ts';
import { checkpointText, type Exploring, type FeaturesChoice, FIRST_CHOICE } from './state.ts';

interface Heard {
  /** The latest checkpoint is to be taken up. */
  open(): void;
  /** To be kept over a reload. */
  changed(choice: FeaturesChoice): void;
}

/** Examples and what the network makes of them: each question about features has a section. */
export class Features {
  readonly element: HTMLElement;
  readonly #client: ExplorerClient;
  readonly #heard: Heard;
  readonly #notice = element('p', { class: 'notice' });
  readonly #again = element('button', { type: 'button', class: 'action', text: 'Try again' });
  readonly #retry = element('p', { class: 'again' }, this.#again);
  readonly #source = element('span');
  readonly #newer = element('button', { type: 'button', class: 'action' });
  readonly #bar: HTMLElement;
  readonly #place = element('div');
  #choice: FeaturesChoice;
  #explored: { session: number; view: Explored } | null = null;
  #theme: Theme;

  constructor(
    client: ExplorerClient,
    choice: FeaturesChoice | undefined,
    theme: Theme,
    heard: Heard,
  ) {
    this.#client = client;
    this.#choice = { ...FIRST_CHOICE, ...choice };
    this.#theme = theme;
    this.#heard = heard;
    for (const button of [this.#again, this.#newer])
      button.addEventListener('click', () => heard.open());
    this.#bar = element('div', { class: 'tools from' }, this.#source, this.#newer);
    this.element = element(
      'section',
      { class: 'features' },
      this.#notice,
      this.#retry,
      this.#bar,
      this.#place,
    );
  }

  draw(exploring: Exploring | null, theme: Theme): void {
    const network = exploring?.network ?? null;
    const problem = exploring?.problem ?? null;
    const isShown = network !== null && problem === null;
    this.#notice.hidden = isShown;
    this.#retry.hidden = problem === null;
    this.#bar.hidden = this.#place.hidden = !isShown;
    setText(this.#notice, problem ?? 'Loading the network and its data…');
    if (!exploring || !network || !isShown) {
      this.hide();
      return;
    }
    if (this.#explored?.session !== exploring.session) {
      this.#explored?.view.hide();
      this.#client.session = exploring.session;
      const view = new Explored(network.facts, this.#client.ask, theme, (change) => {
        this.#choice = { ...this.#choice, ...change };
        this.#heard.changed(this.#choice);
        this.#explored?.view.show(this.#choice);
      });
      this.#explored = { session: exploring.session, view };
      this.#place.replaceChildren(view.element);
    }
    setText(this.#source, `the network as of ${checkpointText(network.checkpoint)}`);
    this.#newer.hidden = !exploring.newer;
    if (exploring.newer)
      setText(this.#newer, `load the newer one of ${checkpointText(exploring.newer)}`);
    this.#explored.view.show(this.#choice);
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#explored.view.paint(theme);
  }

  /** Another tab is shown: nothing is computed any more. */
  hide(): void {
    this.#explored?.view.hide();
  }
}
