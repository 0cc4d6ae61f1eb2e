import type {
  StageEvent,
  SweepEvent,
  SweepFinishedEvent,
  SweepStartedEvent,
  TrialEpochEvent,
  TrialEvent,
  TrialStartedEvent,
} from '../events/sweep-event.ts';
import { scoreOf } from './score.ts';

/** A trial as far as it is known. */
export interface TrialRecord {
  started: TrialStartedEvent;
  /** Relative to the folder of the sweep; null before it has one. */
  run: string | null;
  /** Its epochs, the first one first. */
  epochs: TrialEpochEvent[];
  /** It waits after so many epochs, or has waited there; 0: nowhere yet. */
  waits: number;
  ended: TrialEvent | null;
}

/** A sweep as its events tell it: what a process needs to go on with it, and what is drawn. */
export class SweepState {
  started: SweepStartedEvent | null = null;
  readonly stages: StageEvent[] = [];
  /** By number. */
  readonly trials = new Map<number, TrialRecord>();
  finished: SweepFinishedEvent | null = null;

  see(event: SweepEvent): void {
    switch (event.type) {
      case 'sweepStarted':
        this.started = event;
        break;
      case 'stage':
        this.stages.push(event);
        break;
      case 'trialStarted':
        this.trials.set(event.number, {
          started: event,
          run: null,
          epochs: [],
          waits: 0,
          ended: null,
        });
        break;
      case 'sweep':
        this.finished = event;
        break;
      default: {
        const trial = this.trials.get(event.number);
        if (trial) seeTrial(trial, event);
      }
    }
  }

  /** Those of a stage that have ended, in the order of their numbers. */
  endedOf(stage: number): TrialEvent[] {
    return [...this.trials.values()]
      .flatMap(({ ended }) => (ended?.stage === stage ? [ended] : []))
      .sort((a, b) => a.number - b.number);
  }
}

function seeTrial(
  trial: TrialRecord,
  event: Exclude<
    SweepEvent,
    SweepStartedEvent | StageEvent | TrialStartedEvent | SweepFinishedEvent
  >,
): void {
  switch (event.type) {
    case 'trialRun':
      trial.run = event.run;
      break;
    case 'trialEpoch':
      // One that goes on from a checkpoint tells the epochs behind it again: they are the same.
      trial.epochs[event.epoch - 1] = event;
      break;
    case 'trialWaits':
      trial.waits = event.epochs;
      break;
    case 'trial':
      trial.ended = event;
      break;
  }
}

/** Its score after each epoch up to this one. */
export function scoresOf({ started, epochs }: TrialRecord, upTo: number): number[] {
  return epochs.slice(0, upTo).map((epoch) => scoreOf({ ...epoch, number: started.number }));
}
