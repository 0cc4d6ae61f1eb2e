import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import {
  type Config,
  ENSEMBLE_METHODS,
  type EnsembleMethod,
  ensembleSize,
  refuseMethod,
} from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import { diskError } from '../runs/disk-error.ts';
import { releaseOwnership } from '../runs/owner.ts';
import { CONFIG_FILE, createFolder, runFolderName } from '../runs/run-folder.ts';
import type { MemoryBudget } from '../session/memory-budget.ts';
import { located, parsedConfig } from '../session/prepare.ts';
import { runName } from '../session/started.ts';
import { candidatesOf } from './candidates.ts';
import { launchMeasuring } from './launch-measuring.ts';
import { MEMBERS_FOLDER, Members } from './members.ts';
import type {
  Candidate,
  Disagreement,
  DisputedInputs,
  Distillation,
  EnsembleEvent,
  LeftOut,
} from './protocol.ts';
import { keepResult } from './result.ts';
import { type TopTrials, topTrials } from './top-trials.ts';
import { studentText, trainingsOf } from './trainings.ts';

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
    const { configFile, compare, readableRoots } = this.#request;
    const { workerFile, budget, workers, signal } = this.#host;
    const { epochs } = this.#config.training;
    const folder = this.#folder;
    const trainings = trainingsOf({ ...this.#request, config: this.#config }, methods);
    const runs = trainings.length + (this.#config.ensemble?.distill ? 1 : 0);
    const tell = (event: EnsembleEvent) => this.#tell(event);
    const members = new Members({
      ...{ configFile, readableRoots, folder, runs, epochs },
      ...{ workerFile, budget, workers, signal, tell },
    });
    try {
      const config = basename(configFile);
      this.#tell({ type: 'begun', folder, config, method: wanted, compare, runs, epochs });
      for (const event of leftOut) this.#tell(event);
      const trained = await members.train(trainings, 1);
      const candidates = await candidatesOf(
        { config: this.#config, methods, compare, members: trained, trials: this.#trials },
        tell,
      );
      const chosen = candidates.find(({ method }) => method === wanted) ?? candidates[0];
      const disputed = await this.#measure(candidates, chosen, members, runs);
      for (const event of disputed) this.#tell(event);
      signal.throwIfAborted();
      this.#host.tell(keepResult(folder, this.#told, candidates));
    } catch (error) {
      // A folder without a run would say nothing.
      if (!existsSync(join(folder, MEMBERS_FOLDER)))
        rmSync(folder, { recursive: true, force: true });
      throw error;
    } finally {
      await members.dispose();
      releaseOwnership(folder);
    }
  }

  /** Tells the lines of the comparison, that of the distilled network too; gives what is told after them. */
  async #measure(
    candidates: Candidate[],
    chosen: Candidate,
    members: Members,
    runs: number,
  ): Promise<(Disagreement | DisputedInputs)[]> {
    const { configFile, configText, readableRoots } = this.#request;
    const { workerFile, budget, signal } = this.#host;
    const { ensemble } = this.#config;
    const distill: Distillation | null = ensemble?.distill
      ? {
          candidate: chosen,
          combine: ensemble.combine ?? chosen.combinations[0],
          ...ensemble.distill,
          file: join(this.#folder, 'soft-targets.safetensors'),
        }
      : null;
    const disputed: (Disagreement | DisputedInputs)[] = [];
    await launchMeasuring(
      {
        ...{ configFile, configText, readableRoots, candidates, distill },
        disputed: candidates.indexOf(chosen),
      },
      {
        ...{ workerFile, budget, signal },
        tell: (event) => {
          if (event.type === 'ensemble') this.#tell(event);
          else disputed.push(event);
        },
      },
    );
    if (distill) await this.#distill(distill, members, runs);
    return disputed;
  }

  /** Trains one network with what the ensemble says of the training examples. */
  async #distill(
    { candidate, file, temperature }: Distillation,
    members: Members,
    number: number,
  ): Promise<void> {
    const { configFile } = this.#request;
    const text = { ...this.#request, config: this.#config };
    const teacher = relative(dirname(configFile), file).replaceAll('\\', '/');
    const training = {
      name: 'distilled',
      seed: this.#config.training.seed,
      bootstrap: false,
      keep: [],
      configText: studentText(text, teacher, temperature),
    };
    const [{ validation, epochs, reason }] = await members.train([training], number);
    if (!validation || reason !== 'completed') return;
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
    if (event.type !== 'progress') this.#told.push(event);
    this.#host.tell(event);
  }
}
