import type { ConfigPath } from '../events/finding.ts';
import { configShape, type Shape } from './json-schema.ts';
import { choices, nearest } from './nearest.ts';
import { mapsOf, shapeAt } from './shapes.ts';

/** `model.layers.2.dense`: keys joined by dots; list items are numbers, counted from 0. */
export function parsePath(text: string): ConfigPath {
  return text
    .trim()
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** What is wrong with a path that leads to no key of the config language; null if it leads to one. */
export function unknownKeyIn(path: ConfigPath): string | null {
  const shape = configShape();
  for (let length = 1; length <= path.length; length++) {
    if (shapeAt(shape, path.slice(0, length))) continue;
    const above = shapeAt(shape, path.slice(0, length - 1))!;
    const step = String(path[length - 1]);
    const parent = length === 1 ? 'a config' : path.slice(0, length - 1).join('.');
    return `There is no key "${step}" in ${parent}${hint(above, step)}`;
  }
  return null;
}

function hint(shape: Shape, step: string): string {
  const known = mapsOf(shape).flatMap(({ properties }) => Object.keys(properties ?? {}));
  const meant = nearest(step, known);
  if (meant !== null) return `; did you mean "${meant}"?`;
  if (shape.items) return '; expected the number of an item, counted from 0.';
  return known.length > 0 ? `; expected ${choices(step, [...new Set(known)])}.` : '.';
}
