import { element, icon, setAttribute, setText } from './dom.ts';
import { Figure } from './figure.ts';
import { brief, count, duration, quality, speed } from './format.ts';
import type { RunCommand, RunState } from './protocol.ts';
import { RateField } from './rate-field.ts';
import { isLive, type Run } from './store.ts';
import { type ButtonElement, createIconButton } from './toolkit.ts';

const PAUSE = 'M4 3h3v10H4zM9 3h3v10H9z';
const RESUME = 'M4 2.5v11l9-5.5z';
const STOP = 'M3.5 3.5h9v9h-9z';
const REPORT =
  'M4 1.5h5.5L13 5v9.5H4zm1 1v11h7V5.7H8.8V2.5zm4.8.4v1.8h1.8zM6 8h5v1H6zm0 2.5h5v1H6z';
const FOLDER = 'M2 3h4.5l1.5 1.5H14V13H2zm1 1v8h10V5.5H7.6L6.1 4z';

const STATES: { [state in RunState]: string } = {
  preparing: 'preparing…',
  training: 'training',
  paused: 'paused',
  completed: 'completed',
  diverged: 'diverged',
  stopped: 'stopped',
  failed: 'failed',
  interrupted: 'interrupted',
};

interface Actions {
  command(command: RunCommand): void;
  learningRate(value: number): void;
}

/** The line of numbers above everything, its progress bar, and the banner of a run that went wrong. */
export class Header {
  readonly element: HTMLElement;
  readonly #name = element('button', { type: 'button', class: 'name', title: 'Open its config' });
  readonly #run = element('span', { class: 'dim' });
  readonly #state = element('span', { class: 'state', role: 'status' });
  readonly #epoch = new Figure('epoch');
  readonly #quality = new Figure('quality');
  readonly #loss = new Figure('loss');
  readonly #rate: RateField;
  readonly #pace = element('span', { class: 'pace', 'data-number': 'pace' });
  readonly #pause: ButtonElement;
  readonly #resume: ButtonElement;
  readonly #stop: ButtonElement;
  readonly #report: ButtonElement;
  readonly #folder: ButtonElement;
  readonly #progress = element('div', {
    class: 'progress',
    role: 'progressbar',
    'aria-label': 'Progress',
  });
  readonly #done = element('div', { class: 'done' });
  readonly #banner = element('p', { class: 'banner', role: 'alert' });

  constructor({ command, learningRate }: Actions) {
    this.#rate = new RateField(learningRate);
    const button = (name: RunCommand, label: string, path: string) => {
      const created = createIconButton(label, icon(path));
      created.addEventListener('click', () => command(name));
      return created;
    };
    this.#pause = button('pause', 'Pause', PAUSE);
    this.#resume = button('resume', 'Resume', RESUME);
    this.#stop = button('stop', 'Stop', STOP);
    this.#report = button('report', 'Export report…', REPORT);
    this.#folder = button('reveal', 'Reveal the run folder', FOLDER);
    this.#name.addEventListener('click', () => command('openConfig'));
    this.#progress.append(this.#done);
    const rateFigure = element('span', { class: 'figure', 'data-number': 'learningRate' });
    rateFigure.append(element('span', { class: 'unit', text: 'rate ' }), this.#rate.element);
    this.element = element(
      'header',
      {},
      element(
        'div',
        { class: 'numbers' },
        element('h1', {}, this.#name, this.#run),
        this.#state,
        this.#epoch.element,
        this.#quality.element,
        this.#loss.element,
        rateFigure,
        element(
          'span',
          { class: 'actions' },
          this.#pace,
          element(
            'span',
            { class: 'buttons' },
            this.#pause,
            this.#resume,
            this.#stop,
            this.#report,
            this.#folder,
          ),
        ),
      ),
      this.#progress,
      this.#banner,
    );
  }

  update(run: Run): void {
    const { header, numbers } = run;
    const { state } = header;
    const live = isLive(run);
    const [name, ...rest] = header.name.split(' · ');
    setText(this.#name, name!);
    setText(this.#run, rest.length ? ` · ${rest.join(' · ')}` : '');
    setText(this.#state, STATES[state]);
    this.element.dataset.state = state;
    const total = Number.isNaN(numbers.epochs) ? '' : ` / ${count(numbers.epochs)}`;
    this.#epoch.set('epoch', epochText(numbers.epoch), total);
    const validated = !Number.isNaN(numbers.validationQuality);
    const best = validated ? numbers.validationQuality : numbers.trainQuality;
    const unit = `${validated ? 'validation' : 'train'} ${header.quality}`;
    this.#quality.set(unit, Number.isNaN(best) ? '–' : quality(best));
    const ended = state === 'diverged';
    this.#loss.set('loss', Number.isNaN(numbers.loss) && !ended ? '–' : brief(numbers.loss));
    this.#rate.update(numbers.learningRate, state === 'training' || state === 'paused');
    setText(this.#pace, pace(numbers, live));
    this.#pause.hidden = state !== 'training';
    this.#resume.hidden = state !== 'paused';
    this.#stop.hidden = !live;
    const part = Math.max(0, Math.min(1, numbers.epoch / numbers.epochs || 0));
    this.#done.style.transform = `scaleX(${part})`;
    setAttribute(this.#progress, 'aria-valuenow', String(Math.round(part * 100)));
    const said = [header.message, header.damage?.message].filter(Boolean).join(' ');
    setText(this.#banner, said);
    this.#banner.hidden = said === '';
  }
}

const epochText = (epoch: number): string => {
  if (Number.isNaN(epoch)) return '–';
  return Number.isInteger(epoch) ? count(epoch) : (Math.floor(epoch * 10) / 10).toFixed(1);
};

function pace(numbers: Run['numbers'], live: boolean): string {
  const { examplesPerSecond, secondsLeft, elapsedSeconds } = numbers;
  const parts: string[] = [];
  if (examplesPerSecond > 0) parts.push(`${speed(examplesPerSecond)} examples/s`);
  if (live && !Number.isNaN(secondsLeft)) parts.push(`${duration(secondsLeft)} left`);
  if (!live && elapsedSeconds >= 0) parts.push(`took ${duration(elapsedSeconds)}`);
  return parts.join(' · ');
}
