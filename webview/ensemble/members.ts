import { runTitle } from '../../core/ensemble/protocol.ts';
import type { EnsembleState } from '../../core/ensemble/state.ts';
import type { Cell, Table } from '../../core/report/chart/table.ts';
import { element } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { count } from '../format.ts';
import { lossText, measureOf } from './metrics.ts';

const TITLE = 'Members';

interface Line {
  number: number;
  seed: number;
  bootstrap: boolean;
  distilled?: true | undefined;
  epoch: number;
  state: string;
  metrics: { loss: number; accuracy: number | null; rmse: number | null; r2: number | null } | null;
  message: string;
  findings: string[];
  /** It has ended, and can be looked at. */
  hasRun: boolean;
}

/** The runs: how far each is, how good, and the way into its dashboard. */
export class Members {
  readonly element = element('figure', { class: 'panel members' });
  readonly #table = element('table');
  readonly #note = element('span', { class: 'note' });
  readonly #open: (members: number[]) => void;
  #state: EnsembleState | null = null;
  #drawn = '';

  constructor(open: (members: number[]) => void) {
    this.#open = open;
    const scroller = element(
      'div',
      { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': TITLE },
      this.#table,
    );
    const button = exportButton(this.element, TITLE, () =>
      this.#state ? { name: TITLE, table: () => memberTable(this.#state!), picture: null } : null,
    );
    this.element.append(
      element('figcaption', {}, element('h2', { text: TITLE }), this.#note, button),
      scroller,
    );
  }

  draw(state: EnsembleState, isLive: boolean): void {
    this.#state = state;
    const lines = linesOf(state);
    const runs = state.begun?.runs ?? lines.length;
    const waiting = isLive ? runs - lines.length : 0;
    this.#note.textContent = [
      `${count(runs)} ${runs === 1 ? 'run' : 'runs'}`,
      waiting > 0 ? `${count(waiting)} to come` : '',
    ]
      .filter(Boolean)
      .join(', ');
    // Drawn anew it would take the focus from its buttons.
    const drawn = JSON.stringify([lines, state.begun?.epochs]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.member;
    const measure = measureOf(state);
    const heads = [
      'run',
      'seed',
      'epochs',
      measure.name,
      ...(measure.name === 'loss' ? [] : ['loss']),
      'state',
    ];
    this.#table.replaceChildren(
      element(
        'thead',
        {},
        element('tr', {}, ...heads.map((text) => element('th', { scope: 'col', text }))),
      ),
      element(
        'tbody',
        {},
        ...lines.map((line) => {
          const open = element('button', {
            type: 'button',
            class: 'choice',
            text: runTitle(line),
            title: 'Open its run in the dashboard',
            'data-member': String(line.number),
          });
          open.disabled = !line.hasRun;
          open.addEventListener('click', () => this.#open([line.number]));
          const of = state.begun ? ` / ${count(state.begun.epochs)}` : '';
          const cell = (text: string) => element('td', { text });
          return element(
            'tr',
            {},
            element('th', { scope: 'row' }, open),
            cell(`${line.seed}${line.bootstrap ? ', bootstrap' : ''}`),
            cell(`${count(line.epoch)}${of}`),
            cell(measure.text(measure.of(line.metrics))),
            ...(measure.name === 'loss' ? [] : [cell(lossText(line.metrics?.loss ?? null))]),
            element('td', { class: 'words', text: stateText(line) }),
          );
        }),
      ),
    );
    if (focused)
      this.#table.querySelector<HTMLElement>(`[data-member="${CSS.escape(focused)}"]`)?.focus();
  }
}

function stateText({ state, message, findings }: Line): string {
  return [state + (message ? `: ${message}` : ''), ...findings].join(' · ');
}

/** Those that have begun, by their numbers. */
function linesOf({ members, progress }: EnsembleState): Line[] {
  const numbers = [...new Set([...members.keys(), ...progress.keys()])].sort((a, b) => a - b);
  return numbers.map((number) => {
    const ended = members.get(number);
    if (ended) {
      const { seed, bootstrap, distilled, epochs, reason, message, validation, findings, run } =
        ended;
      return {
        ...{ number, seed, bootstrap, distilled, findings },
        epoch: epochs,
        state: reason,
        message: message ?? '',
        metrics: validation,
        hasRun: run !== null,
      };
    }
    const { seed, bootstrap, distilled, epoch, validation } = progress.get(number)!;
    return {
      ...{ number, seed, bootstrap, distilled, epoch },
      state: 'training',
      message: '',
      metrics: validation,
      findings: [],
      hasRun: false,
    };
  });
}

function memberTable(state: EnsembleState): Table {
  return {
    title: TITLE,
    columns: ['member', 'seed', 'bootstrap', 'epochs', 'accuracy', 'r2', 'loss', 'state'],
    rows: linesOf(state).map((line): Cell[] => [
      line.distilled ? 'distilled' : line.number,
      line.seed,
      line.bootstrap ? 'yes' : 'no',
      line.epoch,
      line.metrics?.accuracy ?? null,
      line.metrics?.r2 ?? null,
      line.metrics?.loss ?? null,
      line.state,
    ]),
    digest: null,
  };
}
