import type { EnsembleState } from '../../core/ensemble/state.ts';
import { element, icon, setAttribute, setText } from '../dom.ts';
import { Figure } from '../figure.ts';
import { count } from '../format.ts';
import { type ButtonElement, createIconButton } from '../toolkit.ts';
import { measureOf, titleOf } from './metrics.ts';
import type { EnsembleCommand, EnsembleFacts } from './protocol.ts';

const STOP = 'M3.5 3.5h9v9h-9z';
const FOLDER = 'M2 3h4.5l1.5 1.5H14V13H2zm1 1v8h10V5.5H7.6L6.1 4z';

const PHASES: { [phase in EnsembleFacts['phase']]: string } = {
  preparing: 'preparing…',
  training: 'training',
  measuring: 'comparing…',
  stopping: 'stopping…',
  completed: 'completed',
  stopped: 'stopped',
  elsewhere: 'made by another process',
  failed: 'failed',
};

/** How far the ensemble has come, what is best, and what can be done with it. */
export class EnsembleHeader {
  readonly element: HTMLElement;
  readonly #name = element('button', { type: 'button', class: 'name', title: 'Open its config' });
  readonly #when = element('span', { class: 'dim' });
  readonly #phase = element('span', { class: 'state', role: 'status' });
  readonly #runs = new Figure('runs');
  readonly #single = new Figure('single');
  readonly #best = new Figure('best');
  readonly #stop: ButtonElement;
  readonly #done = element('div', { class: 'done' });
  readonly #progress = element(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': 'Progress' },
    this.#done,
  );
  readonly #banner = element('p', { class: 'banner', role: 'alert' });

  constructor(command: (command: EnsembleCommand) => void) {
    const button = (name: EnsembleCommand, label: string, path: string) => {
      const created = createIconButton(label, icon(path));
      created.addEventListener('click', () => command(name));
      return created;
    };
    this.#stop = button('stop', 'Stop: nothing is compared then', STOP);
    const folder = button('reveal', 'Reveal the folder of the ensemble', FOLDER);
    this.#name.addEventListener('click', () => command('openConfig'));
    this.element = element(
      'header',
      {},
      element(
        'div',
        { class: 'numbers' },
        element('h1', {}, this.#name, this.#when),
        this.#phase,
        this.#runs.element,
        this.#single.element,
        this.#best.element,
        element(
          'span',
          { class: 'actions' },
          element('span', { class: 'buttons' }, this.#stop, folder),
        ),
      ),
      this.#progress,
      this.#banner,
    );
  }

  update({ name, phase, message }: EnsembleFacts, state: EnsembleState): void {
    const [config, ...rest] = name.split(' · ');
    setText(this.#name, config!);
    setText(this.#when, ['', 'ensemble', ...rest].join(' · '));
    setText(this.#phase, PHASES[phase]);
    const isLive = phase === 'preparing' || phase === 'training' || phase === 'measuring';
    this.element.dataset.state = isLive ? 'training' : phase;
    const { begun, members, rows, finished } = state;
    this.#runs.set('trained', count(members.size), begun ? ` / ${count(begun.runs)}` : '');
    const measure = measureOf(state);
    const single = rows.find(({ method }) => method === 'single');
    const sd =
      single &&
      { accuracy: single.single.accuracy, 'R²': single.single.r2, loss: single.single.loss }[
        measure.name
      ]?.sd;
    this.#single.set(
      `one alone, ${measure.name}`,
      measure.text(single ? measure.of(single.validation) : null),
      sd === null || sd === undefined ? '' : ` ± ${measure.text(sd)}`,
    );
    this.#best.set(
      'best',
      measure.text(finished ? measure.of(finished.best.validation) : null),
      finished ? ` ${titleOf(finished.best)}` : '',
    );
    this.#stop.hidden = !isLive;
    this.#done.style.transform = `scaleX(${state.share})`;
    setAttribute(this.#progress, 'aria-valuenow', String(Math.round(100 * state.share)));
    setText(this.#banner, message ?? '');
    this.#banner.hidden = !message;
  }
}
