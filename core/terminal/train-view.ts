import type { Finding } from '../events/finding.ts';
import type {
  CheckpointEvent,
  EpochEvent,
  FinishedEvent,
  ResumedEvent,
  RunEvent,
  StartedEvent,
  StepsEvent,
  TrainMetrics,
  ValidationMetrics,
} from '../events/run-event.ts';
import { formatShape } from '../network/shapes.ts';
import { describeChange } from '../session/config-changes.ts';
import { lossChart } from './chart.ts';
import type { ConfigSource } from './config-source.ts';
import { Curve } from './curve.ts';
import { findingLine } from './finding-lines.ts';
import { formatCount, formatDuration, formatLoss, formatPercent } from './format.ts';
import { type Paint, painter } from './paint.ts';

const BAR_WIDTH = 24;
const CHART = { width: 60, height: 10 };

/** The part of a stream that the view needs: a terminal or not. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** A training as people read it: a bar that moves in a terminal, a line an epoch elsewhere. */
export class TrainView {
  readonly #screen: Screen;
  readonly #paint: Paint;
  readonly #curve = new Curve();
  readonly #validation: { step: number; loss: number }[] = [];
  #started: StartedEvent | null;
  #epoch: EpochEvent | null = null;
  #checkpoint: CheckpointEvent | null = null;
  /** Completed updates when this training began: 0, or those of an earlier one that goes on. */
  #begin = 0;
  /** The first rate and the latest. */
  #rates: [first: number, latest: number] | null = null;
  #barShown = false;
  readonly #source: Pick<ConfigSource, 'locate'>;

  /** `earlier`: how the run began that goes on now. */
  constructor(
    screen: Screen,
    source: Pick<ConfigSource, 'locate'>,
    earlier: StartedEvent | null = null,
  ) {
    this.#screen = screen;
    this.#source = source;
    this.#paint = painter(screen);
    this.#started = earlier;
  }

  /** Takes a batch of events in; the bar is drawn once. */
  show(events: readonly RunEvent[]): void {
    for (const event of events) this.#see(event);
    const steps = events.findLast((event) => event.type === 'steps');
    if (steps && events.at(-1)?.type !== 'finished') this.#showBar(steps);
  }

  #see(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        this.#started = event;
        this.#line(describe(event));
        if (event.threadsNote) this.#line(event.threadsNote);
        if (event.ema !== undefined)
          this.#line(`validated with a running average of the weights (ema ${event.ema})`);
        break;
      case 'resumed':
        this.#resume(event);
        break;
      case 'checkpoint':
        this.#checkpoint = event;
        break;
      case 'data': {
        const parts = [`${formatCount(event.trainExamples)} training examples`];
        if (event.validationExamples > 0)
          parts.push(`${formatCount(event.validationExamples)} for validation`);
        if (event.classes) parts.push(`${event.classes.length} classes`);
        this.#line(parts.join(', '));
        break;
      }
      case 'steps':
        for (const loss of event.dataLoss ?? event.loss) this.#curve.add(loss);
        this.#rates = [this.#rates?.[0] ?? event.learningRate[0]!, event.learningRate.at(-1)!];
        break;
      case 'epoch':
        this.#epoch = event;
        if (event.validation)
          this.#validation.push({ step: event.step, loss: event.validation.loss });
        if (!this.#screen.isTTY) this.#line(this.#epochLine(event));
        break;
      case 'finding':
        if (event.finding.severity !== 'info') this.#find(event.finding);
        break;
      case 'withdrawn':
        this.#line(this.#paint('faint', `no longer: ${event.rule}`));
        break;
      case 'finished':
        this.#end(event);
        break;
    }
  }

  #resume({ epoch, step, epochs, kernels, threadsNote, changes }: ResumedEvent): void {
    this.#begin = step;
    const started = this.#started;
    if (started) {
      this.#line(describe(started));
      if (started.kernels !== kernels)
        this.#line(
          `this computer runs the ${kernels} build of the kernels, the run was made with ${started.kernels}: last digits will differ`,
        );
      this.#started = { ...started, epochs, kernels };
    }
    this.#line(
      `goes on after ${formatCount(step)} ${step === 1 ? 'step' : 'steps'} (${epoch} of ${epochs} epochs complete)`,
    );
    if (threadsNote) this.#line(threadsNote);
    for (const change of changes) this.#line(`changed: ${describeChange(change)}`);
  }

  /** Some terminals say 0. */
  get #columns(): number {
    return this.#screen.columns || 80;
  }

  #line(text: string): void {
    const clear = this.#barShown ? '\r\x1b[K' : '';
    this.#barShown = false;
    this.#screen.write(`${clear}${text}\n`);
  }

  #showBar({ firstStep, loss, dataLoss, endTime }: StepsEvent): void {
    const started = this.#started;
    if (!this.#screen.isTTY || !started) return;
    const step = firstStep + loss.length - 1;
    const total = started.epochs * started.stepsPerEpoch;
    const filled = Math.round((BAR_WIDTH * step) / total);
    const bar =
      this.#paint('train', '━'.repeat(filled)) +
      this.#paint('faint', '─'.repeat(BAR_WIDTH - filled));
    const epoch = Math.min(started.epochs, Math.floor(step / started.stepsPerEpoch) + 1);
    const latest = (dataLoss ?? loss)[loss.length - 1]!;
    const facts = [
      `epoch ${epoch}/${started.epochs}`,
      `loss ${formatLoss(latest)}`,
      ...(this.#epoch ? qualities(this.#epoch.train, this.#epoch.validation) : []),
      `${formatDuration((endTime / step) * (total - step))} left`,
    ].join(' · ');
    const room = this.#columns - BAR_WIDTH - 2;
    this.#screen.write(`\r\x1b[K${bar} ${facts.slice(0, room)}`);
    this.#barShown = true;
  }

  #epochLine({ epoch, train, validation, examplesPerSecond }: EpochEvent): string {
    const epochs = String(this.#started?.epochs ?? epoch);
    return [
      `epoch ${String(epoch).padStart(epochs.length)}/${epochs}`,
      `loss ${formatLoss(train.dataLoss)}`,
      ...(validation ? [`validation ${formatLoss(validation.loss)}`] : []),
      ...qualities(train, validation),
      ...this.#rateThatChanges(),
      `${formatCount(examplesPerSecond)} examples/s`,
    ].join(' · ');
  }

  /** Where a schedule or a command has changed the learning rate. */
  #rateThatChanges(): string[] {
    if (!this.#rates || this.#rates[0] === this.#rates[1]) return [];
    return [`rate ${formatLoss(this.#rates[1])}`];
  }

  #find(finding: Finding): void {
    this.#line(findingLine(finding, this.#source, this.#paint));
  }

  #end(finished: FinishedEvent): void {
    const { step, epochs, time, train, validation, best, reason, message, findings, run } =
      finished;
    if (this.#started && step > this.#begin) {
      const place = (at: number) => (at - this.#begin) / (step - this.#begin);
      const marks = this.#validation.map((mark) => ({ at: place(mark.step), loss: mark.loss }));
      const width = Math.min(CHART.width, Math.max(20, this.#columns - 12));
      const chart = lossChart(this.#curve.means(), marks, { ...CHART, width }, this.#paint);
      if (chart !== '') this.#line(`\n${chart}`);
    }
    const verb = {
      completed: 'Trained',
      diverged: 'Diverged',
      stopped: 'Stopped',
      failed: 'Failed',
    };
    const facts = [
      `${verb[reason]} after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, ${formatCount(step)} ${step === 1 ? 'step' : 'steps'} (${formatDuration(time)})`,
      ...(train ? [`loss ${formatLoss(train.dataLoss)}`] : []),
      ...(validation ? [`validation ${formatLoss(validation.loss)}`] : []),
      ...(train ? qualities(train, validation) : []),
    ];
    this.#line(facts.join(' · '));
    if (best && best.epoch !== epochs) {
      const [quality] = qualities(null, best.validation);
      this.#line(
        `Best validation at epoch ${best.epoch}: loss ${formatLoss(best.validation.loss)}${quality ? `, ${quality}` : ''}`,
      );
    }
    if (message) this.#line(reason === 'completed' ? message : this.#paint('error', message));
    for (const finding of findings) this.#find(finding);
    if (this.#checkpoint) this.#line(`Last checkpoint: ${this.#checkpoint.file}`);
    if (run !== '') this.#line(`Saved in ${run}`);
  }
}

/** "digits: 8×8×1 → dense 1 → … · 7,510 parameters". */
function describe({ name, plan, threads }: StartedEvent): string {
  const layers = plan.layers.map(({ kind, outputShape }) =>
    kind === 'dense' ? formatShape(outputShape) : kind,
  );
  const shapes = [formatShape(plan.inputShape), ...layers].join(' → ');
  const shared = threads > 1 ? ` · ${threads} threads` : '';
  return `${name}: ${shapes} · ${formatCount(plan.parameterCount)} parameters${shared}`;
}

/** Accuracy, or R² for regression, of both parts. */
function qualities(train: TrainMetrics | null, validation: ValidationMetrics | null): string[] {
  const text = (metrics: TrainMetrics | ValidationMetrics) => {
    if (metrics.accuracy !== null) return formatPercent(metrics.accuracy);
    return metrics.r2 === null ? '–' : formatLoss(metrics.r2);
  };
  const both = [train, validation].filter((metrics) => metrics !== null);
  if (both.length === 0) return [];
  const name = both[0]!.accuracy !== null ? 'accuracy' : 'R²';
  return [`${name} ${both.map(text).join(' / ')}`];
}
