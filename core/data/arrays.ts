import type { ConfigPath } from '../events/finding.ts';
import type { Task } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { numberClasses } from './classes.ts';
import { featureCount, type Source } from './source.ts';

/** Numbers of any number of dimensions, the last one fastest. */
export interface NumberArray {
  /** For messages, quoted: `"x.npy"`. */
  name: string;
  /** The config key that names it. */
  key: ConfigPath;
  /** As the file says; `values` may hold only the first rows. */
  sizes: number[];
  values: Uint8Array | Float32Array;
}

/**
 * Examples, and labels (or targets, for regression) of the same number. Throws UserError if they do
 * not go together. Labels are whole, whatever the limit: the classes are those of all of them.
 */
export function pairArrays(
  examples: NumberArray,
  labels: NumberArray,
  task: Task,
  limit: number | undefined,
): Source {
  const { sizes } = examples;
  if (sizes.length < 2) {
    throw new UserError(
      `${examples.name} has one dimension, as labels have; examples with at least two (count × features) were expected. Is it the labels' file?`,
      { path: examples.key },
    );
  }
  const count = sizes[0]!;
  const labelCount = labels.sizes[0]!;
  if (labelCount !== count) {
    throw new UserError(
      `${examples.name} has ${count.toLocaleString('en-US')} examples, but ${labels.name} has ${labelCount.toLocaleString('en-US')} labels.`,
      { path: labels.key },
    );
  }
  const used = Math.min(count, limit ?? count);
  const store = { count: used, inputs: examples.values, labels: null, targets: null };
  const shape = shapeOf(sizes);
  const size = featureCount(labels.sizes.slice(1));
  if (task === 'regression') {
    const targets = Float32Array.from(labels.values.subarray(0, used * size));
    return { store: { ...store, targets }, shape, classes: null, columns: null };
  }
  if (size !== 1 || labels.values.some((label) => !Number.isInteger(label))) {
    throw new UserError(
      `${labels.name} does not hold class numbers: one whole number an example was expected. For other targets, add \`task: regression\`.`,
      { path: labels.key },
    );
  }
  const numbers = Int32Array.from(labels.values);
  const classes = numberClasses(numbers);
  return { store: { ...store, labels: numbers.subarray(0, used) }, shape, classes, columns: null };
}

/** [n, h, w] are gray images; [n, h, w, c] have channels; other sizes are plain features. */
function shapeOf(sizes: number[]): number[] {
  const example = sizes.slice(1);
  if (example.length === 2) return [...example, 1];
  return example.length === 3 ? example : [featureCount(example)];
}
