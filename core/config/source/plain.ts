import type { ConfigPath } from '../../events/finding.ts';
import type { SourceNode, Span } from './node.ts';

/** The value of a tree. Objects have no prototype: a key such as `__proto__` is a key like others. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

export interface PlainProblem {
  message: string;
  path: ConfigPath;
  span: Span;
}

/** Aliases may repeat what they stand for, up to this many values in all. */
const MOST_VALUES = 50_000;

/** Turns a tree into its value; a key given twice and exploding aliases are problems. */
export function toPlain(root: SourceNode): { value: Plain; problems: PlainProblem[] } {
  const problems: PlainProblem[] = [];
  let values = 0;
  let exploded = false;

  function convert(node: SourceNode, path: ConfigPath, through: Span | null): Plain {
    if (exploded) return null;
    if (++values > MOST_VALUES || path.length > 200) {
      exploded = true;
      const message = through
        ? `The aliases (*) expand to more than ${MOST_VALUES} values, or to themselves.`
        : `This config is too large: it has more than ${MOST_VALUES} values.`;
      const span = through ?? node.span;
      problems.splice(0, problems.length, { message, path: [], span });
      return null;
    }
    switch (node.kind) {
      case 'alias':
        return convert(node.target, path, through ?? node.span);
      case 'scalar':
        return node.value;
      case 'list':
        return node.items.map((item, index) => convert(item, [...path, index], through));
      case 'map': {
        const value: { [key: string]: Plain } = Object.create(null);
        for (const entry of node.entries) {
          const at = [...path, entry.key];
          if (entry.key in value) {
            const message = `The key "${entry.key}" is there twice. Remove one of them.`;
            problems.push({ message, path: at, span: entry.keySpan });
          }
          value[entry.key] = convert(entry.value, at, through);
        }
        return value;
      }
    }
  }

  const value = convert(root, [], null);
  return { value, problems };
}
