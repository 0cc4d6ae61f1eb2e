import { written } from '../config/describe.ts';
import { briefly, type Config, type SweepConfig } from '../config/index.ts';
import type { Json } from '../events/finding.ts';
import type { StageEvent, SweepEvent, TrialEvent } from '../events/sweep-event.ts';
import { ranking } from '../sweep/best.ts';
import { importanceOf } from '../sweep/importance.ts';
import { compareTrials, scoreOf } from '../sweep/score.ts';
import { type Dimension, unitOf, withRanges } from '../sweep/space.ts';
import { stagesOf } from '../sweep/stages.ts';
import { SweepState } from '../sweep/state.ts';
import type { Proposal, SweepResult } from '../sweep/sweep.ts';
import type { ConfigSource } from './config-source.ts';
import { findingLine } from './finding-lines.ts';
import { formatDuration, formatLoss, formatPercent } from './format.ts';
import { type Paint, painter } from './paint.ts';
import { type Dot, scatter } from './scatter.ts';
import type { Screen } from './train-view.ts';

const BAR_WIDTH = 24;
const BEST_ROWS = 10;
/** Less explains nothing that chance does not. */
const LEAST_SHARE = 0.02;

/** A search as people read it: a bar that moves in a terminal, a line a trial elsewhere. */
export class SweepView {
  readonly #screen: Screen;
  readonly #source: Pick<ConfigSource, 'locate'>;
  readonly #config: Config;
  readonly #sweep: SweepConfig;
  readonly #space: Dimension[];
  readonly #parallel: number;
  readonly #paint: Paint;
  readonly #state = new SweepState();
  #began = performance.now();
  /** Trials that had ended before this process. */
  #before = 0;
  #barShown = false;

  constructor(
    screen: Screen,
    source: Pick<ConfigSource, 'locate'>,
    config: Config,
    sweep: SweepConfig,
    space: Dimension[],
    parallel: number,
  ) {
    this.#screen = screen;
    this.#source = source;
    this.#config = config;
    this.#sweep = sweep;
    this.#space = space;
    this.#parallel = parallel;
    this.#paint = painter(screen);
  }

  /** `live`: it happens now; else it is told of an earlier process. */
  show(event: SweepEvent, live: boolean): void {
    this.#state.see(event);
    switch (event.type) {
      case 'sweepStarted':
        this.#begin(event.name);
        break;
      case 'stage':
        this.#line(this.#stageLine(event));
        break;
      case 'trial':
        if (!live) this.#before++;
        else if (!this.#screen.isTTY) this.#line(this.#trialLine(event));
        break;
    }
    if (this.#screen.isTTY && live && event.type === 'trial') this.#showBar();
  }

  /** The next stage, which is not to begin now. */
  propose({ stage, trials, epochs, space }: Proposal): void {
    this.#line(`Next, stage ${stage}: ${extent(trials, epochs)}, in the ranges`);
    for (const line of rangeLines(space)) this.#line(line);
    this.#line('Change them with --narrow path=lo..hi when you --resume.');
  }

  end(result: SweepResult): void {
    const { best, findings, run, trials, complete } = result;
    this.#line('');
    this.#plot();
    this.#table();
    const important = importanceOf(this.#space, this.#firstStage()).filter(
      ({ share }) => share >= LEAST_SHARE,
    );
    if (important.length > 0 && this.#space.length > 1)
      this.#line(
        `What makes the difference: ${important.map(({ key, share }) => `${key} ${Math.round(100 * share)} %`).join(', ')}`,
      );
    if (complete) {
      const took = formatDuration(performance.now() - this.#began);
      this.#line(
        `Searched: ${trials} trials${this.#before > 0 ? `, ${trials - this.#before} of them now` : ''} (${took})`,
      );
    }
    if (best) {
      this.#line('Best values:');
      for (const [key, value] of Object.entries(best.parameters))
        this.#line(`  ${key}: ${valueText(value)}`);
    } else if (trials > 0)
      this.#line(this.#paint('error', 'No trial has a result: all of them failed or exploded.'));
    for (const finding of findings) this.#line(findingLine(finding, this.#source, this.#paint));
    this.#line(`Saved in ${run}`);
  }

  #begin(name: string): void {
    const keys = this.#space.length;
    const stages = stagesOf(this.#config, this.#sweep);
    const { sampler, stopping } = this.#sweep;
    const parts = [
      `${keys} ${keys === 1 ? 'key' : 'keys'}`,
      stages.map(({ trials, epochs }) => extent(trials, epochs)).join(', then '),
      sampler,
      ...(stopping === 'none' ? [] : [`stopping: ${stopping}`]),
      this.#sweep.executor.type === 'slurm' ? 'on Slurm' : `${this.#parallel} at a time`,
    ];
    this.#line(`${name}: ${parts.join(' · ')}`);
    if (sampler === 'grid' && keys > 1)
      this.#line(
        `hint: a grid tries the same few values of each key again and again; sampler: random tries a new value of every key in each trial.`,
      );
  }

  #stageLine({ stage, trials, epochs, ranges }: StageEvent): string {
    const lines = rangeLines(withRanges(this.#space, ranges));
    return [`Stage ${stage}: ${extent(trials, epochs)}`, ...lines].join('\n');
  }

  #trialLine(trial: TrialEvent): string {
    const { number, state, message, parameters, repeats, seed } = trial;
    const values = Object.entries(parameters).map(([key, value]) => `${key} ${valueText(value)}`);
    const why = state === 'stopped' && !trial.train ? 'the cost exploded' : (message ?? '');
    const what = state === 'completed' ? scoreText(trial) : `${state}: ${why}`;
    const of = repeats === undefined ? '' : ` (${repeats} with seed ${seed})`;
    return `trial ${number}${of} · ${what} · ${values.join(' · ')}`;
  }

  #showBar(): void {
    const stage = this.#state.stages.at(-1);
    if (!stage) return;
    const ended = this.#state.endedOf(stage.stage).length;
    const share = Math.min(1, ended / stage.trials);
    const filled = Math.round(BAR_WIDTH * share);
    const bar =
      this.#paint('train', '━'.repeat(filled)) +
      this.#paint('faint', '─'.repeat(BAR_WIDTH - filled));
    const [best] = ranking(this.#state);
    const facts = [
      `stage ${stage.stage}`,
      `${ended}/${stage.trials} trials`,
      ...(best ? [`best ${scoreText(best.trial)}`] : []),
    ].join(' · ');
    const room = (this.#screen.columns || 80) - BAR_WIDTH - 2;
    this.#screen.write(`\r\x1b[K${bar} ${facts.slice(0, room)}`);
    this.#barShown = true;
  }

  /** All first trainings, over the two keys that matter most, or the only one and the score. */
  #plot(): void {
    const trials = this.#ended();
    const numeric = this.#space.filter(({ range }) => range.kind !== 'choice');
    if (trials.length < 5 || numeric.length === 0) return;
    const order = importanceOf(numeric, this.#firstStage()).map(({ key }) => key);
    const [first, second] = order.map((key) => numeric.find((one) => one.key === key)!);
    const sorted = trials.toSorted(compareTrials);
    const known = sorted.filter((trial) => !Number.isNaN(scoreOf(trial)));
    const scores = known.map(scoreOf);
    const [most, least] = [Math.max(...scores), Math.min(...scores)];
    const dots = sorted.map((trial, i): Dot => {
      const score = scoreOf(trial);
      const height = Number.isNaN(score) || most === least ? 0 : (score - least) / (most - least);
      return {
        x: unitOf(first!, trial.parameters[first!.key]),
        y: second ? unitOf(second, trial.parameters[second.key]) : height,
        rank: Number.isNaN(score) ? null : i / Math.max(1, known.length),
      };
    });
    const text = second
      ? labelsOf(second)
      : (['score', numberText(least), numberText(most)] as [string, string, string]);
    this.#line(scatter(dots, { x: labelsOf(first!), y: text }, this.#paint));
    this.#line(this.#paint('faint', '  ★ best  ● o ∘ · from better to worse  × no result'));
    this.#line('');
  }

  #table(): void {
    const ranked = ranking(this.#state).slice(0, BEST_ROWS);
    if (ranked.length === 0) return;
    const head = ['trial', 'score', 'loss', 'epochs', ...this.#space.map(({ key }) => key)];
    const rows = ranked.map(({ trial, seeds }) => [
      String(trial.number),
      seeds
        ? `${formatPercent(seeds.mean)} ± ${formatPercent(seeds.deviation)} (${seeds.seeds} seeds)`
        : scoreText(trial),
      formatLoss(trial.validation?.loss ?? Number.NaN),
      String(trial.epochs),
      ...this.#space.map(({ key }) => valueText(trial.parameters[key]!)),
    ]);
    const widths = head.map((_, c) => Math.max(...[head, ...rows].map((row) => row[c]!.length)));
    for (const row of [head, ...rows])
      this.#line(`  ${row.map((cell, c) => cell.padEnd(widths[c]!)).join('  ')}`.trimEnd());
    this.#line('');
  }

  #ended(): TrialEvent[] {
    return [...this.#state.trials.values()].flatMap(({ ended }) =>
      ended && ended.repeats === undefined ? [ended] : [],
    );
  }

  /** Over the whole ranges. */
  #firstStage(): TrialEvent[] {
    return this.#state.endedOf(1);
  }

  #line(text: string): void {
    const clear = this.#barShown ? '\r\x1b[K' : '';
    this.#barShown = false;
    this.#screen.write(`${clear}${text}\n`);
  }
}

function extent(trials: number, epochs: number): string {
  return `${trials} ${trials === 1 ? 'trial' : 'trials'} of ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;
}

function rangeLines(space: readonly Dimension[]): string[] {
  return space.map(({ key, range }) =>
    range.kind === 'choice'
      ? `  ${key}: ${range.values.map(valueText).join(' | ')}`
      : `  ${key}: ${numberText(range.low)} … ${numberText(range.high)}${range.kind === 'log' ? ' (log)' : ''}`,
  );
}

function labelsOf({ key, range }: Dimension): [string, string, string] {
  return range.kind === 'choice'
    ? [key, '', '']
    : [key, numberText(range.low), numberText(range.high)];
}

function valueText(value: Json): string {
  return typeof value === 'number' ? numberText(value) : briefly(value);
}

function numberText(value: number): string {
  return written(Number(value.toPrecision(4)));
}

/** Accuracy, or R² for regression. */
function scoreText(trial: TrialEvent): string {
  const score = scoreOf(trial);
  if (Number.isNaN(score)) return '–';
  const metrics = trial.validation ?? trial.train;
  return metrics?.accuracy == null ? `R² ${formatLoss(score)}` : formatPercent(score);
}
