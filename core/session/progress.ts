import type {
  EpochEvent,
  FinishedEvent,
  FinishReason,
  RunEvent,
  TrainMetrics,
  ValidationMetrics,
} from '../events/run-event.ts';

type Best = NonNullable<FinishedEvent['best']>;

/** How far a run has come and how well it did, from its events. */
export class Progress {
  epochs = 0;
  step = 0;
  time = 0;
  /** Of the last completed epoch. */
  train: TrainMetrics | null = null;
  validation: ValidationMetrics | null = null;
  best: Best | null = null;

  see(event: RunEvent): void {
    switch (event.type) {
      case 'steps':
        this.step = event.firstStep + event.loss.length - 1;
        this.time = event.endTime;
        break;
      case 'control':
        this.time = event.time;
        break;
      case 'resumed':
        this.epochs = event.epoch;
        this.step = event.step;
        this.time = event.time;
        this.train = event.train;
        this.validation = event.validation;
        this.best = event.best;
        break;
      case 'epoch':
        this.epochs = event.epoch;
        this.step = event.step;
        this.time = event.time;
        this.train = event.train;
        this.validation = event.validation;
        this.best = betterOf(this.best, event);
        break;
    }
  }

  /** The end of the run as its events so far tell it. */
  finished(reason: FinishReason, run: string, message?: string): FinishedEvent {
    const { epochs, step, time, train, validation, best } = this;
    return {
      type: 'finished',
      reason,
      epochs,
      step,
      time,
      train,
      validation,
      best,
      findings: [],
      run,
      ...(message !== undefined && { message }),
    };
  }
}

/**
 * How good a run is, in one number: accuracy, or R², of the validation part where there is one, else of
 * the training part. NaN where nothing was trained.
 */
export function qualityOf(told: Pick<FinishedEvent, 'train' | 'validation'>): number {
  const metrics = told.validation ?? told.train;
  return metrics?.accuracy ?? metrics?.r2 ?? Number.NaN;
}

/** Highest accuracy, the lower loss where equal; for regression the lowest loss. NaN is never best. */
function betterOf(best: Best | null, { epoch, validation }: EpochEvent): Best | null {
  if (!validation || Number.isNaN(validation.loss)) return best;
  if (!best) return { epoch, validation };
  const gain = (validation.accuracy ?? 0) - (best.validation.accuracy ?? 0);
  const better = gain > 0 || (gain === 0 && validation.loss < best.validation.loss);
  return better ? { epoch, validation } : best;
}
