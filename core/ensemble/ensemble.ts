import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import {
  type Combination,
  type Config,
  ENSEMBLE_METHODS,
  type EnsembleMethod,
  ensembleSize,
  memberEpochs,
  refuseCombination,
  refuseMethod,
} from '../config/index.ts';
import { jsonLine } from '../events/json-line.ts';
import type { FinishedEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { listCheckpoints } from '../runs/checkpoint-folder.ts';
import { diskError } from '../runs/disk-error.ts';
import { releaseOwnership } from '../runs/owner.ts';
import { CONFIG_FILE, createFolder, replaceFile, runFolderName } from '../runs/run-folder.ts';
import { launchRun, type RunHandle } from '../session/launch.ts';
import type { MemoryBudget } from '../session/memory-budget.ts';
import { located, parsedConfig } from '../session/prepare.ts';
import { runName } from '../session/started.ts';
import { inParallel } from '../sweep/pool.ts';
import { launchMeasuring } from './launch-measuring.ts';
import type {
  Candidate,
  Disagreement,
  DisputedInputs,
  Distillation,
  EnsembleEvent,
  EnsembleRow,
  LeftOut,
  Measured,
  MemberSource,
  MemberTrained,
} from './protocol.ts';
import { RESULT_FILE, resultOf } from './result.ts';
import { type TopTrials, topTrials } from './top-trials.ts';
import { studentText, type Training, trainingsOf } from './trainings.ts';

const COMBINATIONS: readonly Combination[] = ['average', 'vote', 'parameters'];
const DEFAULT_METHOD: EnsembleMethod = 'inits';

export interface EnsembleRequest {
  configFile: string;
  configText: string;
  readableRoots: string[] | null;
  /** Absolute path of the folder that receives the ensemble's, e.g. `…/.trainscope/ensembles`. */
  folder: string;
  /** Every method and combination that the config can have, beside the one it asks for. */
  compare: boolean;
}

export interface EnsembleHost {
  workerFile: string;
  budget: MemoryBudget;
  /** Runs at a time, each on one thread. */
  workers: number;
  /** Ends it: runs close their logs, and nothing of a result is written. */
  signal: AbortSignal;
  tell(event: EnsembleEvent): void;
}

interface Trained extends Training {
  finished: FinishedEvent;
}

/**
 * Trains the members of an ensemble, measures it, and keeps all of it in a folder. Rejects with UserError for
 * bad input or members that came to nothing, and with the signal's reason.
 */
export async function makeEnsemble(request: EnsembleRequest, host: EnsembleHost): Promise<void> {
  const { configFile, configText } = request;
  const { parsed, config } = parsedConfig(configFile, configText);
  const wanted = config.ensemble?.method ?? DEFAULT_METHOD;
  const leftOut: LeftOut[] = [];
  await located(parsed, configFile, async () => {
    let trials: TopTrials | null = null;
    const methods: EnsembleMethod[] = [];
    for (const method of request.compare ? ENSEMBLE_METHODS : [wanted]) {
      try {
        const refused = refuseMethod(method, config);
        if (refused) throw new UserError(refused.message, { path: refused.path });
        if (method === 'topTrials') trials = await topTrials(configFile, ensembleSize(config));
        methods.push(method);
      } catch (error) {
        if (!request.compare || !(error instanceof UserError)) throw error;
        leftOut.push({ type: 'leftOut', method, message: error.message });
      }
    }
    await new Ensemble(request, config, host, trials).make(methods, wanted, leftOut);
  });
}

class Ensemble {
  readonly #request: EnsembleRequest;
  readonly #config: Config;
  readonly #host: EnsembleHost;
  readonly #trials: TopTrials | null;
  readonly #folder: string;
  /** All but the progress. */
  readonly #told: EnsembleEvent[] = [];
  /** Trained epochs of each run. */
  readonly #epochs = new Map<number, number>();
  /** One run could not be carried out: the others need not go on. */
  readonly #failed = new AbortController();

  constructor(
    request: EnsembleRequest,
    config: Config,
    host: EnsembleHost,
    trials: TopTrials | null,
  ) {
    this.#request = request;
    this.#config = config;
    this.#host = host;
    this.#trials = trials;
    try {
      const name = runFolderName(Date.now(), runName(request.configFile));
      this.#folder = createFolder(request.folder, name, (unfinished) => {
        writeFileSync(join(unfinished, CONFIG_FILE), request.configText);
      });
    } catch (error) {
      throw diskError(error, request.folder);
    }
  }

  async make(
    methods: readonly EnsembleMethod[],
    wanted: EnsembleMethod,
    leftOut: readonly LeftOut[],
  ): Promise<void> {
    const { signal } = this.#host;
    try {
      const text = { ...this.#request, config: this.#config };
      const trainings = trainingsOf(text, methods);
      const distill = this.#config.ensemble?.distill;
      const count = trainings.length + (distill ? 1 : 0);
      this.#tell({
        type: 'begun',
        folder: this.#folder,
        config: basename(this.#request.configFile),
        method: wanted,
        compare: this.#request.compare,
        runs: count,
        epochs: this.#config.training.epochs,
      });
      for (const event of leftOut) this.#tell(event);
      const trained: Trained[] = [];
      await inParallel(
        [...trainings.entries()],
        this.#host.workers,
        signal,
        async ([i, training]) => {
          trained[i] = await this.#train(training, i + 1, count);
        },
      );
      signal.throwIfAborted();
      const candidates = await this.#candidates(methods, trained);
      const chosen = candidates.find(({ method }) => method === wanted) ?? candidates[0];
      const [combine] = chosen.combinations;
      const file = join(this.#folder, 'soft-targets.safetensors');
      const distillation: Distillation | null = distill
        ? {
            candidate: chosen,
            combine: this.#config.ensemble?.combine ?? combine,
            ...distill,
            file,
          }
        : null;
      const disputed: (Disagreement | DisputedInputs)[] = [];
      await this.#measure(candidates, candidates.indexOf(chosen), distillation, (event) => {
        if (event.type === 'ensemble') this.#tell(event);
        else disputed.push(event);
      });
      if (distillation) await this.#distill(distillation, count);
      for (const event of disputed) this.#tell(event);
      signal.throwIfAborted();
      this.#finish(candidates);
    } catch (error) {
      // A folder without a run would say nothing.
      if (!existsSync(this.#runsFolder)) rmSync(this.#folder, { recursive: true, force: true });
      throw error;
    } finally {
      releaseOwnership(this.#folder);
    }
  }

  get #runsFolder(): string {
    return join(this.#folder, 'members');
  }

  async #train(training: Training, number: number, of: number): Promise<Trained> {
    const { signal, budget, workerFile } = this.#host;
    const { configFile, readableRoots } = this.#request;
    const { configText, keep, seed, bootstrap } = training;
    signal.throwIfAborted();
    const runsFolder = this.#runsFolder;
    const name = `${runName(configFile)} ${training.name}`;
    const run = launchRun(
      { configFile, configText, runsFolder, readableRoots, keep, name },
      { workerFile, budget },
    );
    const stop = () => void run.stop().catch(() => {});
    const ends = AbortSignal.any([signal, this.#failed.signal]);
    ends.addEventListener('abort', stop, { once: true });
    this.#follow(run, training, number, of);
    try {
      const finished = await run.done;
      signal.throwIfAborted();
      const { reason, message, epochs, validation, findings } = finished;
      const told: MemberTrained = {
        type: 'member',
        number,
        of,
        seed,
        bootstrap,
        reason,
        ...(message !== undefined && { message }),
        epochs,
        validation,
        findings: findings.map(({ rule }) => rule),
        run: finished.run,
      };
      this.#tell(told);
      return { ...training, finished };
    } catch (error) {
      this.#failed.abort();
      throw error;
    } finally {
      ends.removeEventListener('abort', stop);
    }
  }

  #follow(run: RunHandle, { seed, bootstrap }: Training, number: number, of: number): void {
    const all = of * this.#config.training.epochs;
    run.onEvents((events) => {
      for (const event of events) {
        if (event.type !== 'epoch') continue;
        this.#epochs.set(number, event.epoch);
        const done = [...this.#epochs.values()].reduce((sum, epochs) => sum + epochs, 0);
        const { epoch, validation } = event;
        const share = done / all;
        this.#host.tell({ type: 'progress', share, number, seed, bootstrap, epoch, validation });
      }
    });
  }

  /** What can be measured of what was trained. Throws UserError where nothing is left of an ensemble. */
  async #candidates(
    methods: readonly EnsembleMethod[],
    trained: readonly Trained[],
  ): Promise<Candidate[]> {
    const candidates: Candidate[] = [];
    for (const method of methods) {
      const candidate = await this.#candidate(method, trained);
      const fewest = memberEpochs(method, this.#config)?.length === 1 ? 1 : 2;
      if (candidate.members.length >= fewest) {
        candidates.push(candidate);
        continue;
      }
      const message = `Of the members of ${method}, ${candidate.members.length === 0 ? 'none has' : 'only one has'} been trained to its end. ${whyEnded(trained)}`;
      if (this.#request.compare) this.#tell({ type: 'leftOut', method, message });
      if (candidates.length === 0 && method === methods.at(-1))
        throw new UserError(message, { path: ['ensemble'] });
    }
    return candidates;
  }

  async #candidate(method: EnsembleMethod, trained: readonly Trained[]): Promise<Candidate> {
    const config = this.#config;
    const combinations = this.#combinations(method);
    if (method === 'topTrials' && this.#trials)
      return { method, ...this.#trials, passes: 0, combinations };
    const epochs = memberEpochs(method, config);
    const own = trained.filter(({ bootstrap }) => bootstrap === (method === 'bootstrap'));
    const whole = (epochs ? own.slice(0, 1) : own).filter(
      ({ finished }) => finished.reason === 'completed',
    );
    const members: MemberSource[] = [];
    for (const { finished } of whole) {
      const files = await listCheckpoints(finished.run);
      const wanted = new Set(epochs && epochs.length > 1 ? epochs : [files.at(-1)?.epoch]);
      const by = method === 'ema' ? ('trained' as const) : ('judged' as const);
      for (const file of files)
        if (file.step === null && wanted.has(file.epoch))
          members.push({ run: finished.run, checkpoint: file.name, by });
    }
    return {
      method,
      members,
      passes: method === 'monteCarloDropout' ? ensembleSize(config) : 0,
      combinations,
      epochs: whole.reduce((sum, { finished }) => sum + finished.epochs, 0),
    };
  }

  /** The one that the config asks for, or all that make sense. */
  #combinations(method: EnsembleMethod): Combination[] {
    const { ensemble } = this.#config;
    const possible = COMBINATIONS.filter(
      (combine) => refuseCombination(method, combine, this.#config) === null,
    );
    if (this.#request.compare) return possible;
    return [ensemble?.combine ?? possible[0]];
  }

  #measure(
    candidates: Candidate[],
    disputed: number,
    distill: Distillation | null,
    tell: (event: Measured) => void,
  ): Promise<void> {
    const { configFile, configText, readableRoots } = this.#request;
    const { workerFile, budget, signal } = this.#host;
    return launchMeasuring(
      { configFile, configText, readableRoots, candidates, disputed, distill },
      { workerFile, budget, signal, tell },
    );
  }

  /** Trains one network with what the ensemble says of the training examples. */
  async #distill({ candidate, file, temperature }: Distillation, count: number): Promise<void> {
    const { configFile } = this.#request;
    const text = { ...this.#request, config: this.#config };
    const teacher = relative(dirname(configFile), file).replaceAll('\\', '/');
    const { seed } = this.#config.training;
    const { finished } = await this.#train(
      {
        name: 'distilled',
        seed,
        bootstrap: false,
        keep: [],
        configText: studentText(text, teacher, temperature),
      },
      count,
      count,
    );
    const { validation, epochs } = finished;
    if (!validation || finished.reason !== 'completed') return;
    this.#tell({
      type: 'ensemble',
      method: 'distilled',
      combine: null,
      members: 1,
      validation,
      single: { loss: null, accuracy: null, rmse: null, r2: null },
      alone: [],
      epochs: candidate.epochs + epochs,
    });
  }

  #tell(event: EnsembleEvent): void {
    this.#told.push(event);
    this.#host.tell(event);
  }

  #finish(candidates: readonly Candidate[]): void {
    const rows = this.#told.filter((event) => event.type === 'ensemble');
    const [best] = rows.toSorted(better);
    const { method, combine, validation } = best;
    const finished = {
      type: 'ensembles' as const,
      best: { method, combine, validation },
      rows: rows.length,
      folder: this.#folder,
    };
    const file = join(this.#folder, RESULT_FILE);
    try {
      const result = resultOf(this.#folder, [...this.#told, finished], candidates);
      replaceFile(file, `${jsonLine(result)}\n`);
    } catch (error) {
      throw diskError(error, file);
    }
    this.#tell(finished);
  }
}

/** Highest accuracy first, then lowest loss; of regressions the lowest loss. */
function better(a: EnsembleRow, b: EnsembleRow): number {
  const rank = ({ accuracy }: EnsembleRow['validation']) => accuracy ?? 0;
  const cost = ({ loss }: EnsembleRow['validation']) => loss ?? Number.POSITIVE_INFINITY;
  const gain = rank(b.validation) - rank(a.validation);
  return gain !== 0 ? gain : cost(a.validation) - cost(b.validation);
}

function whyEnded(trained: readonly Trained[]): string {
  const failed = trained.find(({ finished }) => finished.reason !== 'completed')?.finished;
  return failed?.message ?? '';
}
