import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { applyEdits, replaceAll } from '../config/index.ts';
import type { Edit } from '../events/finding.ts';
import { jsonLine } from '../events/json-line.ts';
import type { FinishedEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { type RepairStep, repair } from '../repair/repair.ts';
import { launchRun, type RunHandle } from '../session/launch.ts';
import { MemoryBudget } from '../session/memory-budget.ts';
import { qualityOf } from '../session/progress.ts';
import { type ConfigSource, readConfigSource } from './config-source.ts';
import { formatPercent } from './format.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import { LARGEST_RUN_BYTES, type VerbOptions } from './train.ts';

export interface RepairOptions extends VerbOptions {
  /** Write the edits into the config. */
  write: boolean;
}

/**
 * Finds what is wrong with a config, mends it, and proves that it is better by training. The trials leave
 * no runs behind. Returns the exit code: 1 where something is wrong that could not be mended.
 */
export async function repairVerb(
  config: string,
  options: RepairOptions,
  output: Output,
  workerFile: string,
): Promise<number> {
  const source = await readConfigSource(config, options.set);
  if (options.write && options.set.length > 0)
    throw new UserError(
      '--write cannot be combined with --set: the file does not have these values.',
    );
  const runsFolder = await mkdtemp(join(tmpdir(), 'trainscope-repair-'));
  const budget = new MemoryBudget(Math.min(LARGEST_RUN_BYTES, totalmem()));
  let running: RunHandle | null = null;
  const interrupt = onInterrupt(() => void running?.stop().catch(() => {}));
  try {
    const result = await repair(
      source.text,
      source.file,
      async (configText, trial) => {
        running = launchRun(
          { configFile: source.file, configText, runsFolder, readableRoots: null, trial },
          { workerFile, budget, threads: availableParallelism() },
        );
        const finished = await running.done;
        if (interrupt.interrupted()) throw new Interrupted();
        if (finished.reason === 'failed')
          throw new UserError(finished.message ?? 'The training failed.', { file: source.name });
        return finished;
      },
      (step) => {
        if (!options.json) output.screen.write(`${describe(step)}\n`);
      },
    );
    const { edits, titles, before, after, retrains, repaired, findings } = result;
    if (options.json) {
      const told = { edits: edits.map(({ path, value = null }) => ({ path, value })) };
      const compared = { before: outcome(before), after: outcome(after) };
      output.screen.write(
        `${jsonLine({ type: 'repair', ...told, ...compared, retrains, repaired })}\n`,
      );
    } else if (repaired) {
      const done = options.write ? 'To be changed in the file' : 'To be changed (--write does it)';
      output.screen.write(
        `${done}:\n${titles.map((title) => `  ${title}`).join('\n')}\nBefore: ${summary(before)}\nAfter:  ${summary(after)}\n`,
      );
    } else if (findings.length === 0) {
      output.screen.write(`Nothing is wrong: ${summary(before)}.\n`);
    } else {
      output.screen.write('No fix made it better on another seed: the config stays as it is.\n');
    }
    if (options.write && edits.length > 0) await write(source, edits);
    const wrong = findings.some(({ severity }) => severity === 'error');
    return wrong && !repaired ? 1 : 0;
  } catch (error) {
    if (error instanceof Interrupted) return INTERRUPTED;
    throw error instanceof UserError ? source.blame(error) : error;
  } finally {
    interrupt.dispose();
    await rm(runsFolder, { recursive: true, force: true });
  }
}

/** Training takes its time: what was edited meanwhile is not overwritten. */
async function write(source: ConfigSource, edits: readonly Edit[]): Promise<void> {
  const { text } = await readConfigSource(source.name, []);
  if (text !== source.text)
    throw new UserError(
      'The config was edited while its repair was trained, so that it was not changed. Run the repair again.',
      { file: source.name },
    );
  await writeFile(source.file, replaceAll(text, applyEdits(text, source.file, edits)));
}

class Interrupted extends Error {}

function outcome({ reason, epochs, train, validation, findings }: FinishedEvent) {
  return { reason, epochs, train, validation, findings: findings.map(({ rule }) => rule) };
}

function describe(step: RepairStep): string {
  switch (step.type) {
    case 'diagnosed': {
      const { findings } = step.finished;
      const told = findings.map(({ rule, message }) => `  ${rule}: ${message}`).join('\n');
      return findings.length === 0 ? 'Trained; nothing was found.' : `Found:\n${told}`;
    }
    case 'retraining':
      return `Training again: ${step.titles.join('; ')}`;
    case 'verifying':
      return `Verifying with seed ${step.seed}, before and after`;
  }
}

function summary(finished: FinishedEvent): string {
  const { reason, validation, train } = finished;
  if (reason === 'diverged') return 'diverged';
  const quality = qualityOf(finished);
  const what = (validation ?? train)?.accuracy === null ? 'R²' : 'accuracy';
  const of = validation ? 'validation' : 'training';
  if (Number.isNaN(quality)) return reason;
  return `${of} ${what} ${what === 'R²' ? quality.toFixed(3) : formatPercent(quality)}`;
}
