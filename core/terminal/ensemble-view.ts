import {
  type Disagreement,
  type EnsembleEvent,
  type EnsembleRow,
  type MemberTrained,
  runTitle,
  type Spread,
} from '../ensemble/protocol.ts';
import { formatLoss, formatPercent } from './format.ts';
import { type Paint, painter } from './paint.ts';
import type { Screen } from './train-view.ts';

const COLUMNS = [
  'method',
  'combined by',
  'members',
  'validation',
  'loss',
  'each alone',
  'epochs',
] as const;

/** Of so many members it is told what each says. */
const MOST_NAMED = 12;

/** An ensemble for people: members as they are trained, then the comparison as a table. */
export class EnsembleView {
  readonly #screen: Screen;
  readonly #name: string;
  readonly #paint: Paint;
  readonly #rows: EnsembleRow[] = [];
  readonly #notes: string[] = [];
  #disagreement: Disagreement | null = null;

  constructor(screen: Screen, name: string) {
    this.#screen = screen;
    this.#name = name;
    this.#paint = painter(screen);
  }

  show(event: EnsembleEvent): void {
    switch (event.type) {
      case 'progress':
        if (this.#screen.isTTY)
          this.#screen.write(`\r\x1b[K${Math.floor(100 * event.share)} % trained`);
        break;
      case 'member':
        this.#line(memberLine(event));
        if (event.reason !== 'completed')
          this.#notes.push(`Made without ${nameOf(event)}, which ${endOf(event)}.`);
        break;
      case 'leftOut':
        this.#notes.push(`Left out: ${event.message}`);
        break;
      case 'ensemble':
        this.#rows.push(event);
        break;
      case 'disagreement':
        this.#disagreement = event;
        break;
      case 'ensembles': {
        this.#line('');
        for (const line of tableLines(this.#rows, this.#paint)) this.#line(line);
        this.#line('');
        for (const line of this.#notes) this.#line(line);
        if (this.#disagreement)
          for (const line of disagreementLines(this.#disagreement)) this.#line(line);
        this.#line(`${this.#name}: best is ${titleOf(event.best)}. Kept in ${event.folder}`);
      }
    }
  }

  /** Takes the progress off the screen. */
  clear(): void {
    if (this.#screen.isTTY) this.#screen.write('\r\x1b[K');
  }

  #line(text: string): void {
    this.clear();
    this.#screen.write(`${text}\n`);
  }
}

function titleOf({ method, combine }: Pick<EnsembleRow, 'method' | 'combine'>): string {
  if (method === 'single') return 'a single member';
  return combine ? `${method} by ${combine}` : method;
}

function memberLine(member: MemberTrained): string {
  const { reason, message, epochs, validation } = member;
  const what = nameOf(member);
  if (reason !== 'completed') return `${what} ${reason}: ${message ?? ''}`;
  const quality = validation
    ? ` · validation ${qualityOf(validation)} · loss ${formatLoss(validation.loss)}`
    : '';
  return `${what} · ${epochs} epochs${quality}`;
}

function nameOf(member: MemberTrained): string {
  const { number, of, seed, bootstrap, distilled } = member;
  const place = distilled ? '' : `/${of}`;
  return `${runTitle({ number, distilled })}${place} (seed ${seed}${bootstrap ? ', bootstrap' : ''})`;
}

function endOf({ reason }: MemberTrained): string {
  return reason === 'stopped' ? 'was stopped' : reason;
}

function qualityOf({ accuracy, r2 }: Pick<EnsembleRow['validation'], 'accuracy' | 'r2'>): string {
  if (accuracy !== null) return formatPercent(accuracy);
  return r2 === null ? '–' : `R² ${r2.toFixed(3)}`;
}

function tableLines(rows: readonly EnsembleRow[], paint: Paint): string[] {
  const cells = rows.map(({ method, combine, members, validation, single, epochs }) => [
    method,
    combine ?? '–',
    String(members),
    qualityOf(validation),
    validation.loss === null ? '–' : formatLoss(validation.loss),
    spreadText(single.accuracy ?? single.r2, single.accuracy !== null),
    String(epochs),
  ]);
  const table = [[...COLUMNS], ...cells];
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const isText = (column: number) => column < 2;
  return table.map((row, i) => {
    const line = row
      .map((cell, column) =>
        isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ');
    return i === 0 ? paint('faint', line) : line;
  });
}

function spreadText(spread: Spread | null, percent: boolean): string {
  if (!spread) return '–';
  const { mean, sd } = spread;
  const text = percent ? formatPercent(mean) : mean.toFixed(3);
  if (sd === null) return text;
  return `${text} ± ${percent ? formatPercent(sd).replace(' %', '') : sd.toFixed(3)}`;
}

function disagreementLines({ disputed, examples, members }: Disagreement): string[] {
  if (examples.length === 0) return ['All members agree on every validation example.'];
  const title =
    disputed === null
      ? 'They differ most on these validation examples:'
      : `The ${members} do not agree on ${disputed} validation example${disputed === 1 ? '' : 's'}; most disputed:`;
  return [
    title,
    ...examples.map(({ index, row, label, answer, votes, sd, said }) => {
      const where = `  example ${index} (row ${row}): ${told(label)}`;
      if (!votes) return `${where}; they say ${told(answer)} ± ${told(sd)}${eachSays(said)}`;
      const counts = votes.map(({ class: name, count }) => `${name} ×${count}`);
      return `${where}; votes: ${counts.join(', ')}`;
    }),
  ];
}

/** Each member in its order; of more only their mean is told. */
function eachSays(said: number[][] | undefined): string {
  return said && said.length <= MOST_NAMED ? ` (${said.map(told).join(' | ')})` : '';
}

function told(value: string | number[] | null): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : value.map(formatLoss).join(', ');
}
