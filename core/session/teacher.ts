import type { Config } from '../config/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { findSource, type ReadContext } from '../data/source-file.ts';
import type { ConfigPath } from '../events/finding.ts';
import { UserError } from '../events/user-error.ts';
import {
  type NamedTensor,
  SafetensorsFile,
  writeSafetensors,
} from '../training/checkpoint/safetensors.ts';

/** The tensor of such a file: probabilities [examples of the source × classes]. */
const TENSOR = 'softTargets';
const TEACHER: ConfigPath = ['loss', 'distill', 'teacher'];

/** Writes what a teacher says of all training examples. Throws the system's error. */
export function writeTeacher(file: string, values: Float32Array, classes: number): Promise<void> {
  const tensor: NamedTensor = { name: TENSOR, shape: [values.length / classes, classes], values };
  return writeSafetensors(file, [tensor], {});
}

/**
 * What the teacher of a config says; null where it has none. Throws UserError where the file is damaged
 * or does not fit the data.
 */
export async function readTeacher(
  loss: Config['loss'],
  { train, outputs }: Dataset,
  context: ReadContext,
): Promise<Float32Array | null> {
  if (loss?.type !== 'softmaxCrossEntropy' || !loss.distill) return null;
  try {
    const { path, name } = await findSource(loss.distill.teacher, TEACHER, context);
    const file = await SafetensorsFile.open(path, `"${name}"`);
    try {
      const { count } = train.store;
      const entry = file.tensors.get(TENSOR);
      if (entry?.dtype !== 'F32' || entry.shape.join() !== [count, outputs].join()) {
        const found = entry ? `${entry.shape.join('×')} of them` : 'none';
        throw new UserError(
          `${file.name} was not made for these data: ${count.toLocaleString('en-US')} examples of ${outputs} classes need as many probabilities, found ${found}. Make the ensemble again.`,
        );
      }
      const values = new Float32Array(count * outputs);
      await file.read(TENSOR, values);
      return values;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.place.path) throw error;
    throw new UserError(error.message, { path: TEACHER });
  }
}
