import { element, icon, setAttribute, setText } from '../dom.ts';
import { Figure } from '../figure.ts';
import { count, quality } from '../format.ts';
import { type ButtonElement, createIconButton } from '../toolkit.ts';
import type { SweepModel } from './model.ts';
import type { SweepCommand, SweepFacts } from './protocol.ts';

const RESUME = 'M4 2.5v11l9-5.5z';
const STOP = 'M3.5 3.5h9v9h-9z';
const FOLDER = 'M2 3h4.5l1.5 1.5H14V13H2zm1 1v8h10V5.5H7.6L6.1 4z';

const PHASES: { [phase in SweepFacts['phase']]: string } = {
  preparing: 'preparing…',
  running: 'searching',
  stopping: 'stopping…',
  completed: 'completed',
  stopped: 'stopped',
  elsewhere: 'searching in another process',
  failed: 'failed',
};

/** How far the sweep has come, its best, and what can be done with it. */
export class SweepHeader {
  readonly element: HTMLElement;
  readonly #name = element('button', { type: 'button', class: 'name', title: 'Open its config' });
  readonly #when = element('span', { class: 'dim' });
  readonly #phase = element('span', { class: 'state', role: 'status' });
  readonly #trials = new Figure('trials');
  readonly #best = new Figure('best');
  readonly #stage = new Figure('stage');
  readonly #counts = element('span', { class: 'pace', 'data-number': 'counts' });
  readonly #stop: ButtonElement;
  readonly #resume: ButtonElement;
  readonly #done = element('div', { class: 'done' });
  readonly #progress = element(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': 'Progress' },
    this.#done,
  );
  readonly #banner = element('p', { class: 'banner', role: 'alert' });

  constructor(command: (command: SweepCommand) => void) {
    const button = (name: SweepCommand, label: string, path: string) => {
      const created = createIconButton(label, icon(path));
      created.addEventListener('click', () => command(name));
      return created;
    };
    this.#stop = button('stop', 'Stop; it can go on later', STOP);
    this.#resume = button('resume', 'Go on with it', RESUME);
    const folder = button('reveal', 'Reveal the folder of the sweep', FOLDER);
    this.#name.addEventListener('click', () => command('openConfig'));
    const buttons = element('span', { class: 'buttons' }, this.#resume, this.#stop, folder);
    this.element = element(
      'header',
      {},
      element(
        'div',
        { class: 'numbers' },
        element('h1', {}, this.#name, this.#when),
        this.#phase,
        this.#trials.element,
        this.#stage.element,
        this.#best.element,
        element('span', { class: 'actions' }, this.#counts, buttons),
      ),
      this.#progress,
      this.#banner,
    );
  }

  update({ facts, trials }: SweepModel): void {
    const { name, phase, message, planned, stages, best, quality: what, measured } = facts!;
    const [config, ...rest] = name.split(' · ');
    setText(this.#name, config!);
    setText(this.#when, ['', 'sweep', ...rest].join(' · '));
    setText(this.#phase, PHASES[phase]);
    const isLive = phase === 'running' || phase === 'preparing' || phase === 'elsewhere';
    this.element.dataset.state = isLive ? 'training' : phase;
    const of = (wanted: string) => trials.filter((trial) => trial.phase === wanted).length;
    const [completed, stopped, failed] = [of('completed'), of('stopped'), of('failed')];
    const over = completed + stopped + failed;
    this.#trials.set('trials', count(over), planned > 0 ? ` / ${count(planned)}` : '');
    this.#stage.set('stage', stages.length > 0 ? count(stages.at(-1)!.stage) : '–');
    const score = best ? (trials[best.place]?.score ?? Number.NaN) : Number.NaN;
    const seeds = best?.seeds;
    if (seeds && seeds.seeds > 1)
      this.#best.set(
        `best ${measured} ${what}`,
        quality(seeds.mean),
        ` ± ${quality(seeds.deviation)} over ${seeds.seeds} seeds`,
      );
    else this.#best.set(`best ${measured} ${what}`, Number.isNaN(score) ? '–' : quality(score));
    const parts = [
      stopped > 0 ? `${count(stopped)} stopped` : '',
      failed > 0 ? `${count(failed)} failed` : '',
      of('running') > 0 ? `${count(of('running'))} running` : '',
    ];
    setText(this.#counts, parts.filter(Boolean).join(' · '));
    this.#stop.hidden = !(phase === 'running' || phase === 'preparing');
    this.#resume.hidden = !(phase === 'stopped' || phase === 'failed');
    const part = planned > 0 ? Math.min(1, over / planned) : 0;
    this.#done.style.transform = `scaleX(${part})`;
    setAttribute(this.#progress, 'aria-valuenow', String(Math.round(part * 100)));
    setText(this.#banner, message ?? '');
    this.#banner.hidden = !message;
  }
}
