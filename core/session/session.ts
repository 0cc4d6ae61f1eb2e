import type {
  ControlEvent,
  FinishedEvent,
  FinishReason,
  Probe,
  ProbeEvent,
  RunEvent,
  StartedEvent,
} from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { Inspector } from '../inspection/inspector.ts';
import { probeData } from '../inspection/probes/data.ts';
import { probeLabels } from '../inspection/probes/labels.ts';
import { probeNeighbours } from '../inspection/probes/neighbours.ts';
import { supportedVariant } from '../kernels/kernels.ts';
import { RunLogWriter } from '../runs/log-writer.ts';
import { placeTensors } from '../training/checkpoint/tensors.ts';
import { Trainer } from '../training/trainer.ts';
import { Checkpoints, type Snapshot } from './checkpoints.ts';
import { Commands } from './commands.ts';
import { earlyStopOf, restore, resumedEvent, snapshotOf } from './continuation.ts';
import type { Control } from './control.ts';
import type { LoadedData } from './loaded-data.ts';
import { located, type Prepared, prepare } from './prepare.ts';
import { Progress } from './progress.ts';
import type { RunRequest, ThreadRoom } from './protocol.ts';
import { Recorder } from './recorder.ts';
import { startedEvent } from './started.ts';
import { train } from './train.ts';

/** While data is read, commands are looked for this often. */
const COMMAND_CHECK_MS = 20;
/** After this many parts of ops, it is looked whether events are due. */
const POLLS_PER_TICK = 64;

/** Whom a session works for: a worker thread's main thread, or a caller in the same one. */
export interface SessionHost {
  control: Control;
  /** Null: this thread only. */
  threads: ThreadRoom | null;
  /** Where runs follow each other: the data of the one before. */
  data?: LoadedData;
  /** Asks for memory before any is taken: null grants it, a sentence refuses it. */
  reserve(bytes: number): Promise<string | null>;
  /** The run's folder exists and its log is open. */
  opened(folder: string): void;
  /** Events in order; their arrays now belong to the host. */
  send(events: RunEvent[]): void;
}

/**
 * One run, from the text of its config to its last event, which is returned as well. Throws
 * UserError for bad input, before anything is written; what goes wrong later ends the run as
 * `failed`.
 */
export function runSession(request: RunRequest, host: SessionHost): Promise<FinishedEvent> {
  return new Session(request, host).run();
}

class Session {
  readonly #request: RunRequest;
  readonly #host: SessionHost;
  #log: RunLogWriter;
  readonly #commands: Commands;
  /** What was commanded before the log was open. */
  readonly #early: ControlEvent[] = [];
  #recorder: Recorder | null = null;
  #trainer: Trainer | null = null;
  readonly #progress = new Progress();
  /** Why there are fewer threads than wanted. */
  #threadsNote: string | null = null;
  #began = 0;
  #polls = 0;

  constructor(request: RunRequest, host: SessionHost) {
    this.#request = request;
    this.#host = host;
    this.#log = new RunLogWriter(request.runsFolder, request.configText);
    this.#commands = new Commands(
      host.control,
      (action, value) => this.#recordControl(action, value),
      () => this.#recorder?.flush(),
    );
  }

  async run(): Promise<FinishedEvent> {
    const prepared = await this.#prepare();
    const trainer = prepared && (await this.#allocate(prepared));
    this.#commands.carryOut();
    if (!trainer) return this.#neverBegan();
    try {
      if (this.#commands.stopping) return this.#neverBegan();
      const recorder = this.#open(prepared, trainer);
      return this.#close(recorder, await this.#train(prepared, trainer, recorder));
    } finally {
      await trainer.dispose();
    }
  }

  /** Null: stopped meanwhile. */
  #prepare(): Promise<Prepared | null> {
    return this.#unlessStopped((signal) =>
      prepare(this.#request, {
        threads: this.#host.threads?.count,
        signal,
        data: this.#host.data,
      }),
    );
  }

  /** Hears commands during work that takes a while, which ends where it is to stop. */
  async #unlessStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    const stop = new AbortController();
    const check = setInterval(() => {
      this.#commands.carryOut();
      if (this.#commands.stopping) stop.abort();
    }, COMMAND_CHECK_MS);
    try {
      return await work(stop.signal);
    } catch (error) {
      if (stop.signal.aborted) return null;
      throw error;
    } finally {
      clearInterval(check);
    }
  }

  /** Null: stopped while it waited for memory. */
  #allocate({ parsed, config, dataset, plan, start, resumed }: Prepared): Promise<Trainer | null> {
    return located(parsed, this.#request.configFile, async () => {
      const refusal = await this.#reserve(plan.summary.arenaBytes);
      if (this.#commands.stopping) return null;
      if (refusal !== null) throw new UserError(refusal, { path: ['model', 'layers'] });
      // A host with fused multiply-add can do without it: then the bits are the same.
      const variant = resumed?.state.kernels === 'simd' ? 'simd' : supportedVariant();
      const trainer = new Trainer(config, dataset, plan, () => this.#poll(), variant);
      placeTensors(trainer.memory, plan, start);
      if (resumed) await restore(trainer, resumed, config);
      const { threads } = this.#host;
      try {
        if (threads) await trainer.openThreads(threads.file);
      } catch (error) {
        this.#threadsNote = `Other threads could not be started (${messageOf(error)}); this run trains on one. Its result is the same.`;
      }
      return trainer;
    });
  }

  #reserve(bytes: number): Promise<string | null> {
    return this.#unlessStopped((signal) => {
      const stopped = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
      return Promise.race([this.#host.reserve(bytes), stopped]);
    });
  }

  #open(prepared: Prepared, trainer: Trainer): Recorder {
    const { plan, resumed } = prepared;
    const { runsFolder, configText } = this.#request;
    this.#log = new RunLogWriter(runsFolder, configText, resumed);
    const recorder = new Recorder(this.#log, this.#host.send, plan.stepsPerEpoch);
    const note = this.#threadsNote === null ? {} : { threadsNote: this.#threadsNote };
    const first = resumed
      ? { ...resumedEvent(resumed, trainer, prepared.config.training.epochs), configText, ...note }
      : { ...this.#started(prepared, trainer), ...note };
    if (resumed) recorder.diagnosis.see(this.#started(prepared, trainer));
    recorder.emit(first);
    if (resumed) {
      recorder.judge(prepared.dataset.statistics);
      if (!this.#request.trial?.thin)
        for (const probe of this.#probes(prepared, trainer)) recorder.judge(probe);
    }
    this.#progress.see(first);
    this.#host.opened(this.#log.folder);
    this.#began = performance.now() - (resumed?.state.time ?? 0);
    this.#recorder = recorder;
    this.#trainer = trainer;
    return recorder;
  }

  #started(prepared: Prepared, { kernels, threads }: Trainer): StartedEvent {
    return startedEvent(prepared, this.#request, { kernels, threads });
  }

  /** What is to be known of the data before the first step. */
  #probes({ dataset, config }: Prepared, trainer: Trainer): ProbeEvent[] {
    const neighbours = probeNeighbours(dataset, config.training.seed);
    return [probeData(dataset), ...(neighbours ? [neighbours] : [])].map((probe) =>
      this.#probed(trainer, probe),
    );
  }

  #probed({ step, stepsPerEpoch }: Trainer, probe: Probe): ProbeEvent {
    return { type: 'probe', step, epoch: step / stepsPerEpoch, time: this.#clock(), ...probe };
  }

  async #train(prepared: Prepared, trainer: Trainer, recorder: Recorder): Promise<FinishedEvent> {
    const { config, dataset, fingerprint: data, plan, resumed } = prepared;
    const progress = this.#progress;
    const earlyStop = earlyStopOf(config, resumed);
    const thin = this.#request.trial?.thin === true;
    const end = (reason: FinishReason, message?: string): FinishedEvent => ({
      ...progress.finished(reason, this.#log.folder, message),
      step: trainer.step,
      time: this.#clock(),
      train: progress.train ?? trainer.epochTrainMetrics(),
    });
    const takeSnapshot = (): Snapshot => {
      // A log that a breakdown leaves shorter than its checkpoint could not go on from that.
      recorder.flush();
      const learningRate = this.#commands.learningRate ?? trainer.learningRate;
      const time = this.#clock();
      return snapshotOf(trainer, progress, { earlyStop, learningRate, time, data });
    };
    const checkpoints = new Checkpoints(
      this.#log.folder,
      {
        ...config.training.checkpoint,
        always: this.#request.keep,
        stepsPerEpoch: plan.stepsPerEpoch,
      },
      resumed ? trainer.step : -1,
      takeSnapshot,
      (event) => recorder.emit(event),
    );
    try {
      if (!resumed) {
        // Its columns go on to another thread; the labels are probed with those that stay.
        recorder.emit(structuredClone(dataset.statistics));
        if (!thin) for (const probe of this.#probes(prepared, trainer)) recorder.emit(probe);
      }
      for (const event of this.#early) recorder.emit(event);
      recorder.flush();
      const { reason, message } = await train(trainer, this.#commands, recorder, progress, {
        epochs: config.training.epochs,
        earlyStop,
        trial: this.#request.trial ?? null,
        stopOnExplosion: config.training.stopOnExplosion,
        inspector: Inspector.of(config, trainer),
        trainExamples: dataset.train.indices.length,
        probeLabels: () => {
          const probe = thin ? null : probeLabels(dataset, config.training.seed);
          return probe && this.#probed(trainer, probe);
        },
        epochEnded: ({ epoch }) => checkpoints.epochEnded(epoch, progress.best?.epoch === epoch),
        clock: () => this.#clock(),
      });
      await checkpoints.finish(reason === 'completed' || reason === 'stopped');
      return end(reason, message);
    } catch (error) {
      // What is on its way to the disk arrives before the log ends; what went wrong is known.
      await checkpoints.finish(false).catch(() => {});
      return end('failed', messageOf(error));
    }
  }

  /** The last record, and the end of the log; the consumer hears of it even if the disk does not. */
  #close(recorder: Recorder, ended: FinishedEvent): FinishedEvent {
    recorder.judge(ended);
    const finished = { ...ended, findings: recorder.diagnosis.findings };
    let last = finished;
    try {
      try {
        recorder.flush();
        this.#log.append(finished);
      } finally {
        this.#log.close();
      }
    } catch (error) {
      last = { ...finished, reason: 'failed', message: finished.message ?? messageOf(error) };
    }
    this.#host.send([last]);
    return last;
  }

  #neverBegan(): FinishedEvent {
    const finished = new Progress().finished('stopped', '');
    this.#host.send([finished]);
    return finished;
  }

  #poll(): boolean {
    if (++this.#polls % POLLS_PER_TICK === 0) this.#recorder?.tick(performance.now());
    return this.#commands.poll();
  }

  #recordControl(action: ControlEvent['action'], value?: number): void {
    const event: ControlEvent = {
      type: 'control',
      action,
      step: this.#trainer?.step ?? 0,
      time: this.#clock(),
      ...(value !== undefined && { value }),
    };
    if (!this.#recorder) this.#early.push(event);
    else {
      this.#recorder.emit(event);
      this.#recorder.flush();
    }
  }

  /** Milliseconds since the run started; 0 before. */
  #clock(): number {
    return this.#recorder ? performance.now() - this.#began : 0;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
