import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import { findSource, type ReadContext, type SourceFile } from '../data/source-file.ts';
import type { ConfigPath } from '../events/finding.ts';
import { UserError } from '../events/user-error.ts';
import { formatShape } from '../network/shapes.ts';
import type { CheckpointFile } from '../runs/checkpoint-file.ts';
import { CHECKPOINT_FOLDER, checkpointOf, listCheckpoints } from '../runs/checkpoint-folder.ts';
import { type NamedTensor, SafetensorsFile } from '../training/checkpoint/safetensors.ts';
import { decodeState } from '../training/checkpoint/state.ts';
import { judgedName, lastingTensors } from '../training/checkpoint/tensors.ts';
import type { Plan } from '../training/plan.ts';

const FROM: ConfigPath = ['model', 'from'];
const CHECKPOINT: ConfigPath = [...FROM, 'checkpoint'];

type From = NonNullable<Config['model']['from']>;

/**
 * What the first layers start from: the parameters of a checkpoint, as that run was judged by them
 * (their running averages where it kept these), and what else those layers carry. Throws UserError
 * with the key to blame.
 */
export async function readStart(
  from: From,
  plan: Plan,
  context: ReadContext,
): Promise<NamedTensor[]> {
  try {
    const file = await openCheckpoint(from.checkpoint, context);
    try {
      return await readLayers(file, from, plan);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.place.path) throw error;
    throw new UserError(error.message, { path: CHECKPOINT });
  }
}

async function openCheckpoint(name: string, context: ReadContext): Promise<SafetensorsFile> {
  const source = await findSource(name, CHECKPOINT, context);
  const path = source.isFolder ? await bestCheckpoint(source, context) : source.path;
  return SafetensorsFile.open(path, `"${name}"`);
}

/** The best that a run has kept, or its latest. */
async function bestCheckpoint({ name, path }: SourceFile, context: ReadContext): Promise<string> {
  const files = await listCheckpoints(path);
  const latest = files.at(-1);
  if (!latest) {
    throw new UserError(
      `"${name}" holds no checkpoints. Name a checkpoint (.safetensors), or the folder of a run that has kept some.`,
    );
  }
  // Each is looked at anew: it may be a link that leads elsewhere.
  const pathOf = async (file: CheckpointFile) =>
    (await findSource(join(name, CHECKPOINT_FOLDER, file.name), CHECKPOINT, context)).path;
  const file = await SafetensorsFile.open(await pathOf(latest), `"${name}"`);
  try {
    const { best } = decodeState(file.metadata, `"${name}"`);
    return await pathOf(checkpointOf(files, best?.epoch) ?? latest);
  } finally {
    await file.close();
  }
}

async function readLayers(
  file: SafetensorsFile,
  { layers }: From,
  plan: Plan,
): Promise<NamedTensor[]> {
  const wanted = layers ?? Number.POSITIVE_INFINITY;
  const tensors: NamedTensor[] = [];
  for (const { name, shape, size } of lastingTensors(plan)) {
    const index = layerOf(name);
    if (index === null || index >= wanted) continue;
    const source = judgedName(file, name);
    const entry = file.tensors.get(source);
    if (entry?.dtype !== 'F32' || entry.shape.join() !== shape.join()) {
      const found = entry
        ? `${name} is ${formatShape(entry.shape)} there and ${formatShape(shape)} here`
        : `it holds no ${name}`;
      throw new UserError(
        `${file.name} does not fit layer ${index + 1}: ${found}. ${index === 0 ? 'Take a checkpoint of the same layers' : `Take over only the layers before it (layers: ${index})`}, or make the layer as it was there.`,
        { path: layers === undefined ? CHECKPOINT : [...FROM, 'layers'] },
      );
    }
    const values = new Float32Array(size);
    await file.read(source, values);
    tensors.push({ name, shape, values });
  }
  return tensors;
}

/** Of a parameter or a layer's state; null for what belongs to the optimizer. */
function layerOf(tensor: string): number | null {
  const [, index] = /^model\.layers\.(\d+)\./.exec(tensor) ?? [];
  return index === undefined ? null : Number(index);
}
