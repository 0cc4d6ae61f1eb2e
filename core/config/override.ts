import type { ConfigPath, Edit, Json } from '../events/finding.ts';
import { UserError } from '../events/user-error.ts';
import { configShape, type Shape } from './json-schema.ts';
import { choices, nearest } from './nearest.ts';
import { mapsOf, shapeAt } from './shapes.ts';
import { toPlain } from './source/plain.ts';
import { readSource } from './source/read.ts';

/**
 * The edit that `--set optimizer.learningRate=1e-3` asks for. The value is YAML; list items are
 * numbers, counted from 0: `model.layers.2.dense=50`.
 * @throws UserError for anything that is no path of a config, `=` and a value
 */
export function overrideEdit(text: string): Edit {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new UserError(
      `"${text}" sets nothing: expected path=value, for example optimizer.learningRate=1e-3.`,
    );
  }
  const path = text
    .slice(0, equals)
    .trim()
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  checkPath(path);
  const { root, problems } = readSource(text.slice(equals + 1), 'value.yaml');
  const read = root && toPlain(root);
  const problem = problems[0] ?? read?.problems[0];
  if (problem)
    throw new UserError(`The value of ${path.join('.')} cannot be read. ${problem.message}`, {
      path,
    });
  if (!read) throw new UserError(`${path.join('.')}= has no value behind the "=".`, { path });
  return { path, value: read.value as Json };
}

function checkPath(path: ConfigPath): void {
  const shape = configShape();
  for (let length = 1; length <= path.length; length++) {
    if (shapeAt(shape, path.slice(0, length))) continue;
    const above = shapeAt(shape, path.slice(0, length - 1))!;
    const step = String(path[length - 1]);
    const parent = length === 1 ? 'a config' : path.slice(0, length - 1).join('.');
    throw new UserError(`There is no key "${step}" in ${parent}${hint(above, step)}`, { path });
  }
}

function hint(shape: Shape, step: string): string {
  const known = mapsOf(shape).flatMap(({ properties }) => Object.keys(properties ?? {}));
  const meant = nearest(step, known);
  if (meant !== null) return `; did you mean "${meant}"?`;
  if (shape.items) return '; expected the number of an item, counted from 0.';
  return known.length > 0 ? `; expected ${choices(step, [...new Set(known)])}.` : '.';
}
