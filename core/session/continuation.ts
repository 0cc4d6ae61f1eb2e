import { basename, join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { ResumedEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { SafetensorsFile } from '../training/checkpoint/safetensors.ts';
import { copyTensors, restoreTensors } from '../training/checkpoint/tensors.ts';
import { Patience } from '../training/patience.ts';
import type { Trainer } from '../training/trainer.ts';
import type { Snapshot } from './checkpoints.ts';
import type { Progress } from './progress.ts';
import type { ResumedRun } from './resume.ts';

/** Saving and restoring stand side by side: what one forgets, a resumed run would not have. */
export function snapshotOf(
  trainer: Trainer,
  { epochs: epoch, train, validation, best }: Progress,
  rest: { earlyStop: Patience | null; learningRate: number; time: number; data: string },
): Snapshot {
  const { memory, plan, position, schedule, kernels } = trainer;
  const { earlyStop, learningRate, time, data } = rest;
  return {
    tensors: copyTensors(memory, plan),
    state: {
      epoch,
      time,
      position,
      learningRate,
      schedule: schedule.state,
      earlyStop: earlyStop?.state ?? null,
      kernels,
      data,
      train,
      validation,
      best,
    },
  };
}

/** Brings a new trainer to where the checkpoint was made. */
export async function restore(
  trainer: Trainer,
  { folder, checkpoint, state, changes }: ResumedRun,
  config: Config,
): Promise<void> {
  const path = join(folder, checkpoint);
  const file = await SafetensorsFile.open(path, basename(path));
  try {
    await restoreTensors(trainer.memory, trainer.plan, file);
  } catch (error) {
    throw error instanceof UserError ? new UserError(error.message, { file: path }) : error;
  } finally {
    await file.close();
  }
  trainer.position = state.position;
  trainer.schedule.state = state.schedule;
  // A rate that the config has now and had not then is the user's latest word.
  const changed = changes.some((change) => change.path.join('.') === 'optimizer.learningRate');
  trainer.learningRate = changed ? config.optimizer.learningRate : state.learningRate;
}

/** With what it had seen when the checkpoint was made. */
export function earlyStopOf(config: Config, resumed: ResumedRun | null): Patience | null {
  const { earlyStop } = config.training;
  if (!earlyStop) return null;
  const patience = new Patience(earlyStop.patience, 0);
  if (resumed?.state.earlyStop) patience.state = resumed.state.earlyStop;
  return patience;
}

export function resumedEvent(
  { checkpoint, state, changes }: ResumedRun,
  trainer: Trainer,
  epochs: number,
): ResumedEvent {
  const { epoch, position, time, train, validation, best } = state;
  return {
    type: 'resumed',
    resumedAt: Date.now(),
    checkpoint,
    epoch,
    step: position.step,
    time,
    kernels: trainer.kernels,
    threads: trainer.threads,
    epochs,
    changes,
    train,
    validation,
    best,
  };
}
