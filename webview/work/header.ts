import { element, icon, setAttribute, setText } from '../dom.ts';
import type { Figure } from '../figure.ts';
import { type ButtonElement, createIconButton } from '../toolkit.ts';
import type { WorkCommand, WorkFacts, WorkPhase } from './protocol.ts';

const STOP = 'M3.5 3.5h9v9h-9z';
const RESUME = 'M4 2.5v11l9-5.5z';
const FOLDER = 'M2 3h4.5l1.5 1.5H14V13H2zm1 1v8h10V5.5H7.6L6.1 4z';

const PHASES: { [phase in Exclude<WorkPhase, 'elsewhere'>]: string } = {
  preparing: 'preparing…',
  stopping: 'stopping…',
  completed: 'completed',
  stopped: 'stopped',
  failed: 'failed',
};
const AT_REST: ReadonlySet<string> = new Set(['stopping', 'completed', 'stopped', 'failed']);

export interface HeaderParts<Activity extends string> {
  what: 'sweep' | 'ensemble';
  phases: { [phase in Activity | 'elsewhere']: string };
  figures: readonly Figure[];
  /** Before the buttons. */
  counts?: HTMLElement;
  command(command: WorkCommand): void;
}

/** The name of a sweep or an ensemble, its phase and numbers, what can be done with it, and how far it is. */
export class WorkHeader<Activity extends string> {
  readonly element: HTMLElement;
  readonly #what: string;
  readonly #phases: { [phase: string]: string };
  readonly #name = element('button', { type: 'button', class: 'name', title: 'Open its config' });
  readonly #when = element('span', { class: 'dim' });
  readonly #phase = element('span', { class: 'state', role: 'status' });
  readonly #resume: ButtonElement;
  readonly #stop: ButtonElement;
  readonly #done = element('div', { class: 'done' });
  readonly #progress = element(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': 'Progress' },
    this.#done,
  );
  readonly #banner = element('p', { class: 'banner', role: 'alert' });

  constructor(parts: HeaderParts<Activity>) {
    const { what, phases, figures, counts, command } = parts;
    this.#what = what;
    this.#phases = { ...PHASES, ...phases };
    this.#resume = iconButton('Go on with it', RESUME, () => command('resume'));
    this.#stop = iconButton('Stop; it can go on later', STOP, () => command('stop'));
    const reveal = () => command('reveal');
    const folder = iconButton(`Reveal the folder of the ${what}`, FOLDER, reveal);
    this.#name.addEventListener('click', () => command('openConfig'));
    const all = element('span', { class: 'buttons' }, this.#resume, this.#stop, folder);
    this.element = element(
      'header',
      {},
      element(
        'div',
        { class: 'numbers' },
        element('h1', {}, this.#name, this.#when),
        this.#phase,
        ...figures.map((figure) => figure.element),
        element('span', { class: 'actions' }, ...(counts ? [counts] : []), all),
      ),
      this.#progress,
      this.#banner,
    );
  }

  /** `share`: what is done of it, 0 to 1. */
  update({ name, phase, message, canGoOn }: WorkFacts<Activity>, share: number): void {
    const [config, ...rest] = name.split(' · ');
    setText(this.#name, config!);
    setText(this.#when, ['', this.#what, ...rest].join(' · '));
    setText(this.#phase, this.#phases[phase]!);
    const isLive = !AT_REST.has(phase);
    this.element.dataset.state = isLive ? 'training' : phase;
    this.#resume.hidden = !canGoOn;
    this.#stop.hidden = !isLive || phase === 'elsewhere';
    this.#done.style.transform = `scaleX(${share})`;
    setAttribute(this.#progress, 'aria-valuenow', String(Math.round(100 * share)));
    setText(this.#banner, message ?? '');
    this.#banner.hidden = !message;
  }
}

function iconButton(label: string, path: string, press: () => void): ButtonElement {
  const button = createIconButton(label, icon(path));
  button.addEventListener('click', press);
  return button;
}
