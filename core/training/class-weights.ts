import type { LossConfig } from '../config/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { countClasses } from '../data/statistics.ts';
import { UserError } from '../events/user-error.ts';

const PATH = ['loss', 'classWeights'];

/**
 * What each class weighs in a loss, in the order of the classes; null where all examples count alike.
 * Throws UserError where the weights do not fit the classes.
 */
export function weightsOfClasses(loss: LossConfig, dataset: Dataset): number[] | null {
  if (loss.type !== 'softmaxCrossEntropy') return null;
  const { classWeights, labelSmoothing } = loss;
  const { outputs } = dataset;
  const names = dataset.classes ?? Array.from({ length: outputs }, (_, i) => String(i));
  if (classWeights === undefined) return labelSmoothing === 0 ? null : Array(outputs).fill(1);
  if (classWeights === 'balanced') return balanced(dataset, names);
  if (Array.isArray(classWeights)) {
    if (classWeights.length === outputs) return classWeights;
    throw new UserError(
      `classWeights has ${classWeights.length} weight${classWeights.length === 1 ? '' : 's'}, but the data has ${outputs} classes. Give one for each, in this order: ${listed(names)}.`,
      { path: PATH },
    );
  }
  for (const name of Object.keys(classWeights)) {
    if (names.includes(name)) continue;
    throw new UserError(
      `The data has no class ${JSON.stringify(name)}; its classes are ${listed(names)}.`,
      { path: [...PATH, name] },
    );
  }
  return names.map((name) => (Object.hasOwn(classWeights, name) ? classWeights[name]! : 1));
}

/** n / (classes · examples of the class), of the training part: each class then weighs alike. */
function balanced({ train, outputs }: Dataset, names: readonly string[]): number[] {
  const counts = countClasses(train, outputs)!;
  const missing = counts.indexOf(0);
  if (missing >= 0) {
    throw new UserError(
      `balanced divides by the examples of each class, but the training part has none of class ${names[missing]}. Give a list of weights instead, or more examples.`,
      { path: PATH },
    );
  }
  return [...counts].map((count) => train.indices.length / (outputs * count));
}

/** More names than this say nothing more. */
const MOST_NAMES = 12;

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
