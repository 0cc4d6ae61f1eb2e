import { element, setAttribute, setText } from './dom.ts';
import { TABS, type Tab } from './protocol.ts';

const TITLES: { [T in Tab]: string } = {
  curves: 'Curves',
  layers: 'Layers',
  weights: 'Weights',
  features: 'Features',
  graph: 'Graph',
  findings: 'Findings',
};

/** The tabs above the views: chosen by pointer or arrow keys, one at a time in the order of focus. */
export class Tabs {
  readonly element = element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Views' });
  readonly #views: { [T in Tab]: { element: HTMLElement } };
  readonly #buttons = new Map<Tab, HTMLButtonElement>();

  /** The views' elements get the role of what a tab shows. */
  constructor(views: { [T in Tab]: { element: HTMLElement } }, chosen: (tab: Tab) => void) {
    this.#views = views;
    for (const tab of TABS) {
      const button = element('button', {
        type: 'button',
        role: 'tab',
        id: `tab-${tab}`,
        'aria-controls': `view-${tab}`,
        text: TITLES[tab],
      });
      button.addEventListener('click', () => chosen(tab));
      button.addEventListener('keydown', (event) => {
        const to = neighbour(tab, event.key);
        if (!to) return;
        event.preventDefault();
        chosen(to);
        this.#buttons.get(to)!.focus();
      });
      this.#buttons.set(tab, button);
      this.element.append(button);
      const panel = views[tab].element;
      panel.id = `view-${tab}`;
      setAttribute(panel, 'role', 'tabpanel');
      setAttribute(panel, 'aria-labelledby', `tab-${tab}`);
    }
  }

  /** Beside a tab: how many of its things want to be looked at, in the color of the worst. */
  count(tab: Tab, count: number, kind: string): void {
    const button = this.#buttons.get(tab)!;
    const mark = button.querySelector('.count') ?? element('span');
    mark.className = `count ${kind}`;
    setText(mark, String(count));
    if (count === 0) mark.remove();
    else if (!mark.parentNode) button.append(mark);
  }

  update(chosen: Tab): void {
    for (const [tab, button] of this.#buttons) {
      setAttribute(button, 'aria-selected', String(tab === chosen));
      button.tabIndex = tab === chosen ? 0 : -1;
      this.#views[tab].element.hidden = tab !== chosen;
    }
  }
}

function neighbour(tab: Tab, key: string): Tab | null {
  const at = TABS.indexOf(tab);
  const last = TABS.length - 1;
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[key];
  return to === undefined ? null : TABS[(to + TABS.length) % TABS.length]!;
}
