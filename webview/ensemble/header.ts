import type { EnsembleState } from '../../core/ensemble/state.ts';
import { Figure } from '../figure.ts';
import { count } from '../format.ts';
import { WorkHeader } from '../work/header.ts';
import type { WorkCommand } from '../work/protocol.ts';
import { measureOf, titleOf } from './metrics.ts';
import type { EnsembleActivity, EnsembleFacts } from './protocol.ts';

/** How far the ensemble has come, what is best, and what can be done with it. */
export class EnsembleHeader {
  readonly element: HTMLElement;
  readonly #runs = new Figure('runs');
  readonly #single = new Figure('single');
  readonly #best = new Figure('best');
  readonly #header: WorkHeader<EnsembleActivity>;

  constructor(command: (command: WorkCommand) => void) {
    this.#header = new WorkHeader({
      what: 'ensemble',
      phases: {
        training: 'training',
        measuring: 'comparing…',
        elsewhere: 'made by another process',
      },
      figures: [this.#runs, this.#single, this.#best],
      command,
    });
    this.element = this.#header.element;
  }

  update(facts: EnsembleFacts, state: EnsembleState): void {
    this.#header.update(facts, state.share);
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
  }
}
