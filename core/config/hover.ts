import { document } from './describe.ts';
import { configShape } from './json-schema.ts';
import { parsePath } from './paths.ts';
import { meaningsOf, shapeAt } from './shapes.ts';
import { find, pathAt } from './source/find.ts';
import { Lines, type Range } from './source/lines.ts';
import { toPlain } from './source/plain.ts';
import { readSource } from './source/read.ts';
import { shapeOfKey } from './swept.ts';

export interface Hover {
  markdown: string;
  range: Range;
}

/** What the key or the word at this offset means; null where there is nothing to tell. */
export function hoverAt(text: string, fileName: string, offset: number): Hover | null {
  const { root } = readSource(text, fileName);
  if (!root) return null;
  const path = pathAt(root, offset);
  const found = path.length > 0 ? find(root, path) : null;
  if (!found) return null;
  const written = toPlain(root).value;
  const shape = shapeAt(configShape(), path, written);
  if (!shape) return null;
  const { node, entry } = found;
  const lines = new Lines(text);
  const key = path.at(-1);
  if (entry && offset <= entry.keySpan.end) {
    // Where keys are paths, they mean what stands there.
    const isPath = shapeAt(configShape(), path.slice(0, -1), written)?.keys === 'paths';
    const meant = isPath ? shapeOfKey(parsePath(String(key)), written) : shape;
    return {
      markdown: document(String(key), meant ?? shape),
      range: lines.range(entry.keySpan),
    };
  }
  if (node.kind !== 'scalar' || offset < node.span.start || offset > node.span.end) return null;
  const range = lines.range(node.span);
  const word = meaningsOf(shape).find((each) => each.word === node.value);
  if (word) return { markdown: `**${word.word}**: ${word.meaning}`, range };
  return typeof key === 'string' ? { markdown: document(key, shape), range } : null;
}
