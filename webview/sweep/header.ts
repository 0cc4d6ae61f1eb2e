import { element, setText } from '../dom.ts';
import { Figure } from '../figure.ts';
import { count, quality } from '../format.ts';
import { WorkHeader } from '../work/header.ts';
import type { WorkCommand } from '../work/protocol.ts';
import type { SweepModel } from './model.ts';

/** How far the sweep has come, its best, and what can be done with it. */
export class SweepHeader {
  readonly element: HTMLElement;
  readonly #trials = new Figure('trials');
  readonly #best = new Figure('best');
  readonly #stage = new Figure('stage');
  readonly #counts = element('span', { class: 'pace', 'data-number': 'counts' });
  readonly #header: WorkHeader<'running'>;

  constructor(command: (command: WorkCommand) => void) {
    this.#header = new WorkHeader({
      what: 'sweep',
      phases: { running: 'searching', elsewhere: 'searching in another process' },
      figures: [this.#trials, this.#stage, this.#best],
      counts: this.#counts,
      command,
    });
    this.element = this.#header.element;
  }

  update({ facts, trials }: SweepModel): void {
    const { planned, stages, best, quality: what, measured } = facts!;
    const of = (wanted: string) => trials.filter((trial) => trial.phase === wanted).length;
    const [completed, stopped, failed] = [of('completed'), of('stopped'), of('failed')];
    const over = completed + stopped + failed;
    this.#header.update(facts!, planned > 0 ? Math.min(1, over / planned) : 0);
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
  }
}
