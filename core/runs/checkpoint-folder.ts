import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointFile } from './checkpoint-file.ts';

export const CHECKPOINT_FOLDER = 'checkpoints';
const EXTENSION = '.safetensors';
const NAME = /^epoch-(\d+)(?:-step-(\d+))?(?:-loss-.+)?\.safetensors$/;

/**
 * `epoch-012-loss-0.2345.safetensors` with the validation loss after 12 epochs, or
 * `epoch-012-step-003456.safetensors` within the next one: names sort by time.
 */
export function checkpointName(epoch: number, step: number | null, score: number | null): string {
  const parts = [
    `epoch-${String(epoch).padStart(3, '0')}`,
    ...(step === null ? [] : [`step-${String(step).padStart(6, '0')}`]),
    ...(score === null ? [] : [`loss-${score.toPrecision(4)}`]),
  ];
  return parts.join('-') + EXTENSION;
}

/** The checkpoints of a run, oldest first; none where it has no folder for them. */
export async function listCheckpoints(run: string): Promise<CheckpointFile[]> {
  const names = await readdir(join(run, CHECKPOINT_FOLDER)).catch(() => []);
  return names
    .flatMap((name) => {
      const [, epoch, step] = NAME.exec(name) ?? [];
      if (epoch === undefined) return [];
      return [{ name, epoch: Number(epoch), step: step === undefined ? null : Number(step) }];
    })
    .sort((a, b) => a.epoch - b.epoch || (a.step ?? 0) - (b.step ?? 0));
}

/** The one that was made at the end of this epoch, if it was kept. */
export function checkpointOf(
  files: readonly CheckpointFile[],
  epoch: number | undefined,
): CheckpointFile | undefined {
  return files.find((file) => file.step === null && file.epoch === epoch);
}
