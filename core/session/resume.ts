import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Config, parseConfig } from '../config/index.ts';
import type { ConfigChange, RunEvent, StartedEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { CHECKPOINT_FOLDER, listCheckpoints } from '../runs/checkpoint-folder.ts';
import type { EarlierRun } from '../runs/log-writer.ts';
import { hasLiveOwner } from '../runs/owner.ts';
import { readRunEvents } from '../runs/read-run.ts';
import { CONFIG_FILE } from '../runs/run-folder.ts';
import { SafetensorsFile } from '../training/checkpoint/safetensors.ts';
import { type CheckpointState, decodeState } from '../training/checkpoint/state.ts';
import { configChanges, refuseChanges } from './config-changes.ts';

/** A run that is to go on, as its folder has it. */
export interface ResumedRun extends EarlierRun {
  /** The checkpoint, relative to the run's folder, with forward slashes. */
  checkpoint: string;
  state: CheckpointState;
  changes: ConfigChange[];
}

/**
 * Reads what a run needs to go on with this config. Throws UserError where there is no such run, it
 * is being trained, holds no checkpoint, or has another config.
 */
export async function readResumedRun(folder: string, config: Config): Promise<ResumedRun> {
  const name = basename(folder);
  if (hasLiveOwner(folder))
    throw new UserError(`${name} is being trained just now. Stop it first.`, { file: folder });
  const { started, step, bytes } = await readLog(folder);
  const changes = configChanges(await readConfig(folder), config);
  refuseChanges(changes);

  for (const file of (await listCheckpoints(folder)).reverse()) {
    const checkpoint = `${CHECKPOINT_FOLDER}/${file.name}`;
    const state = await readState(folder, checkpoint);
    // The system broke down before all of the log was on disk: an earlier one will do.
    if (state.position.step > step) continue;
    if (state.epoch >= config.training.epochs) {
      throw new UserError(
        `${name} has completed its ${state.epoch} epochs. To train it further, give it more of them.`,
        { path: ['training', 'epochs'] },
      );
    }
    return { folder, started, logBytes: bytes, checkpoint, state, changes };
  }
  throw new UserError(
    `${name} holds no checkpoint to go on from: it ended before its first one. Train it anew.`,
    { file: folder },
  );
}

async function readLog(
  folder: string,
): Promise<{ started: StartedEvent; step: number; bytes: number }> {
  let started: StartedEvent | null = null;
  let step = 0;
  const seen = (events: RunEvent[]) => {
    for (const event of events) {
      if (event.type === 'started') started ??= event;
      else if (event.type === 'steps') step = event.firstStep + event.loss.length - 1;
      else if (event.type === 'resumed') step = event.step;
    }
  };
  const end = await readRunEvents(folder, seen);
  if (!started) throw new UserError(`The log of ${basename(folder)} is empty.`, { file: folder });
  return { started, step, bytes: end.bytes };
}

async function readConfig(folder: string): Promise<Config> {
  const file = join(folder, CONFIG_FILE);
  const { config } = parseConfig(await readFile(file, 'utf8'), CONFIG_FILE);
  if (config) return config;
  throw new UserError('The config that this run was trained with cannot be read any more.', {
    file,
  });
}

async function readState(folder: string, checkpoint: string): Promise<CheckpointState> {
  const path = join(folder, checkpoint);
  try {
    const file = await SafetensorsFile.open(path, basename(path));
    try {
      return decodeState(file.metadata, file.name);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message, { file: path });
    throw error;
  }
}
