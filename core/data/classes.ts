import type { ConfigPath } from '../events/finding.ts';
import { UserError } from '../events/user-error.ts';
import type { Source } from './source.ts';

/**
 * Puts class names into their lasting order and renumbers the labels to it, in place: numerically if
 * all names are numbers, else alphabetically (by code unit: the same on every machine). So the order
 * does not depend on which example comes first.
 */
export function orderClasses(labels: Int32Array, names: readonly string[]): string[] {
  const numeric = names.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  const ordered = numeric
    ? [...names].sort((a, b) => Number(a) - Number(b))
    : [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  renumber(labels, names, ordered);
  return ordered;
}

/** Class names of whole-number labels (not negative), ascending; renumbers the labels in place. */
export function numberClasses(labels: Int32Array): string[] {
  return orderClasses(labels, [...indexDistinct(labels)].map(String));
}

/** Replaces each label by the index of its value among the distinct values, which it returns. */
function indexDistinct(labels: Int32Array): Iterable<number> {
  const indexOf = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    let index = indexOf.get(labels[i]!);
    if (index === undefined) {
      index = indexOf.size;
      indexOf.set(labels[i]!, index);
    }
    labels[i] = index;
  }
  return indexOf.keys();
}

function renumber(labels: Int32Array, from: readonly string[], to: readonly string[]): void {
  const position = new Map(to.map((name, index) => [name, index]));
  const target = Int32Array.from(from, (name) => position.get(name)!);
  for (let i = 0; i < labels.length; i++) labels[i] = target[labels[i]!]!;
}

/** Renumbers the validation source's labels, in place, to the training source's classes. */
export function matchClasses(train: Source, validation: Source, key: ConfigPath): void {
  const labels = validation.store.labels;
  if (!train.classes || !validation.classes || !labels) return;
  const known = new Set(train.classes);
  const unknown = validation.classes.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new UserError(
      `The validation data has ${unknown.length === 1 ? 'a class' : 'classes'} that the training data has not: ${listNames(unknown)}. The training data has: ${listNames(train.classes)}.`,
      { path: key },
    );
  }
  renumber(labels, validation.classes, train.classes);
}

/** At most twelve names, quoted. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => JSON.stringify(name));
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
