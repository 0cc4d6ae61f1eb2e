import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Config } from '../config/index.ts';
import { CANNOT_SAVE } from '../runs/disk-error.ts';
import { CONFIG_FILE } from '../runs/run-folder.ts';
import type { MemoryBudget } from '../session/memory-budget.ts';
import { located, parsedConfig } from '../session/prepare.ts';
import { candidatesOf } from './candidates.ts';
import { launchMeasuring } from './launch-measuring.ts';
import { MEMBERS_FOLDER, Members } from './members.ts';
import { beginEnsemble, type EnsembleRequest, type OpenEnsemble, reopenEnsemble } from './open.ts';
import type {
  Candidate,
  Disagreement,
  DisputedInputs,
  Distillation,
  EnsembleEvent,
  MemberTrained,
} from './protocol.ts';
import { keepResult, RESULT_FILE, readResult } from './result.ts';
import { studentText, trainingsOf } from './trainings.ts';
import { forgetUnderWay, keepUnderWay, readUnderWay, type UnderWay } from './under-way.ts';

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
 * Trains the members of an ensemble, measures it, and keeps all of it in a folder. One that was interrupted goes on:
 * what its members are does not depend on that. Rejects with UserError for bad input or members that came to nothing,
 * and with the signal's reason.
 */
export async function makeEnsemble(request: EnsembleRequest, host: EnsembleHost): Promise<void> {
  const { configFile, resume = null } = request;
  if (resume !== null && existsSync(join(resume, RESULT_FILE))) {
    for (const event of await readResult(resume)) host.tell(event);
    return;
  }
  const configText = resume === null ? request.configText : beganWith(resume);
  const { parsed, config } = parsedConfig(configFile, configText);
  await located(parsed, configFile, async () => {
    const open =
      resume === null ? await beginEnsemble(request, config) : reopenEnsemble(resume, configFile);
    try {
      await new Ensemble({ ...request, configText }, config, host, open).make();
    } finally {
      open.close();
    }
  });
}

/** The config of an ensemble that is to go on. */
export function beganWith(folder: string): string {
  // Says what is wrong with a folder that is none.
  if (!existsSync(join(folder, RESULT_FILE))) readUnderWay(folder);
  return readFileSync(join(folder, CONFIG_FILE), 'utf8');
}

class Ensemble {
  readonly #request: EnsembleRequest;
  readonly #config: Config;
  readonly #host: EnsembleHost;
  readonly #folder: string;
  #underWay: UnderWay;
  /** All but the progress. */
  readonly #told: EnsembleEvent[] = [];

  constructor(
    request: EnsembleRequest,
    config: Config,
    host: EnsembleHost,
    { folder, underWay }: OpenEnsemble,
  ) {
    this.#request = request;
    this.#config = config;
    this.#host = host;
    this.#folder = folder;
    this.#underWay = underWay;
  }

  async make(): Promise<void> {
    const { configFile, readableRoots } = this.#request;
    const { workerFile, budget, workers, signal } = this.#host;
    const folder = this.#folder;
    const { begun, methods, leftOut, trials } = this.#underWay;
    const { runs, epochs, compare } = begun;
    const ended = this.#forgetFailed();
    const trainings = trainingsOf({ ...this.#request, config: this.#config }, methods);
    const tell = (event: EnsembleEvent) => this.#tell(event);
    const members = new Members({
      ...{ configFile, readableRoots, folder, runs, epochs },
      ...{ workerFile, budget, workers, signal, tell, ended },
    });
    try {
      this.#tell({ ...begun, folder });
      for (const event of [...leftOut, ...ended]) this.#tell(event);
      const trained = await members.train(trainings, 1);
      const candidates = await candidatesOf(
        { config: this.#config, methods, compare, members: trained, trials },
        tell,
      );
      const chosen = candidates.find(({ method }) => method === begun.method) ?? candidates[0];
      const disputed = await this.#measure(candidates, chosen, members, runs);
      for (const event of disputed) this.#tell(event);
      signal.throwIfAborted();
      const finished = keepResult(folder, this.#told, candidates);
      forgetUnderWay(folder);
      this.#host.tell(finished);
    } catch (error) {
      // A folder without a run would say nothing.
      if (!existsSync(join(folder, MEMBERS_FOLDER)))
        rmSync(folder, { recursive: true, force: true });
      throw error;
    } finally {
      await members.dispose();
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
      distilled: true as const,
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
    if (event.type === 'member') this.#keep(event);
  }

  /** The members that need not be trained again: what failed may do better now. */
  #forgetFailed(): MemberTrained[] {
    const { members } = this.#underWay;
    const isKept = ({ reason, run }: MemberTrained) =>
      reason !== 'failed' && run !== null && existsSync(run);
    for (const { reason, run } of members)
      if (reason === 'failed' && run !== null) rmSync(run, { recursive: true, force: true });
    this.#underWay = { ...this.#underWay, members: members.filter(isKept) };
    return this.#underWay.members;
  }

  /** A process that goes on need not train it again. */
  #keep(member: MemberTrained): void {
    const { members } = this.#underWay;
    // A disk may have room again.
    const isUnfinished = member.reason === 'failed' && member.message?.startsWith(CANNOT_SAVE);
    if (members.includes(member) || isUnfinished) return;
    this.#underWay = { ...this.#underWay, members: [...members, member] };
    keepUnderWay(this.#folder, this.#underWay);
  }
}
