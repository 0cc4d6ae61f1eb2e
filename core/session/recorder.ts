import { Diagnosis, type Judgement } from '../diagnosis/diagnosis.ts';
import { ALL_RULES } from '../diagnosis/rules/index.ts';
import type { RunEvent } from '../events/run-event.ts';
import { RatioColumns, StepColumns, type StepFacts } from './columns.ts';

/** Consumers hear at most this often: ten times a second. */
const SEND_EVERY_MS = 100;
/** What a killed process can lose at most. */
const FLUSH_EVERY_MS = 1000;

/** Where events are kept; `append` has taken all it needs when it returns. */
export interface EventLog {
  append(event: RunEvent): void;
  flush(): void;
}

/**
 * Everything a run tells goes through here, in order: rows of steps are collected into columns, the
 * rules judge, events go to the log and, a batch at a time, to the consumer.
 */
export class Recorder {
  readonly diagnosis = new Diagnosis(ALL_RULES);
  readonly #log: EventLog;
  readonly #send: (events: RunEvent[]) => void;
  readonly #steps = new StepColumns();
  readonly #ratios: RatioColumns;
  #outgoing: RunEvent[] = [];
  #sentAt = Number.NEGATIVE_INFINITY;
  #flushedAt = performance.now();

  constructor(log: EventLog, send: (events: RunEvent[]) => void, stepsPerEpoch: number) {
    this.#log = log;
    this.#send = send;
    this.#ratios = new RatioColumns(stepsPerEpoch);
  }

  step(step: number, time: number, facts: StepFacts, ratios: Float32Array): void {
    this.#steps.add(step, time, facts);
    if (this.#ratios.measures(step)) {
      this.#ratios.add(step, ratios);
      this.diagnosis.trace.addRatios(step, ratios);
    }
    this.#tell(this.diagnosis.step(step, facts));
  }

  /** Any event that is no row of a column. */
  emit(event: RunEvent): void {
    this.#closeColumns();
    this.#push(event);
    this.#tell(this.diagnosis.see(event));
  }

  /** Has the rules look at an event that is not told, or told later. */
  judge(event: RunEvent): void {
    this.#tell(this.diagnosis.see(event));
  }

  #tell(judgements: readonly Judgement[]): void {
    if (judgements.length === 0) return;
    this.#closeColumns();
    for (const judgement of judgements) this.#push(judgement);
  }

  /** Sends and flushes if it is time to. */
  tick(now: number): void {
    if (now - this.#sentAt < SEND_EVERY_MS) return;
    this.#closeColumns();
    if (now - this.#flushedAt >= FLUSH_EVERY_MS) {
      this.#log.flush();
      this.#flushedAt = now;
    }
    this.#sendOut(now);
  }

  /** Sends and flushes at once. */
  flush(): void {
    this.#closeColumns();
    const now = performance.now();
    this.#log.flush();
    this.#flushedAt = now;
    this.#sendOut(now);
  }

  #closeColumns(): void {
    const steps = this.#steps.take();
    if (steps) this.#push(steps);
    const ratios = this.#ratios.take();
    if (ratios) this.#push(ratios);
  }

  #push(event: RunEvent): void {
    this.#log.append(event);
    this.#outgoing.push(event);
  }

  #sendOut(now: number): void {
    this.#sentAt = now;
    if (this.#outgoing.length === 0) return;
    this.#send(this.#outgoing);
    this.#outgoing = [];
  }
}
