import type { Edit, Json } from '../events/finding.ts';
import { UserError } from '../events/user-error.ts';
import { parsePath, unknownKeyIn } from './paths.ts';
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
  const path = parsePath(text.slice(0, equals));
  const unknown = unknownKeyIn(path);
  if (unknown !== null) throw new UserError(unknown, { path });
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
