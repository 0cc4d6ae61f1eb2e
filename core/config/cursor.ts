import { lineEnd, lineStart } from './edit/layout.ts';
import type { SourceNode, Span } from './source/node.ts';
import { type Plain, toPlain } from './source/plain.ts';
import { readSource } from './source/read.ts';

interface CursorBase {
  /** The word that is being typed, with its quotes. */
  span: Span;
  /** The value of the whole text, the word replaced by a placeholder. */
  root: Plain;
  isFlow: boolean;
}

/** A key is wanted in the map at `path`. */
export interface KeyCursor extends CursorBase {
  kind: 'key';
  path: (string | number)[];
  /** The map's other entries. */
  siblings: { [key: string]: Plain };
  /** There are none: it may as well be a word in the map's place. */
  isAlone: boolean;
  /** A colon follows already. */
  hasColon: boolean;
}

/** A value is wanted at `path`. */
export interface ValueCursor extends CursorBase {
  kind: 'value';
  path: (string | number)[];
}

const PLACEHOLDER = 'cursor‸';

/**
 * What is being typed at this offset. The word there is replaced by a placeholder, which is then
 * looked for in the tree: the parser knows indentation and brackets, also in broken text.
 */
export function cursorAt(text: string, offset: number): KeyCursor | ValueCursor | null {
  const from = lineStart(text, offset);
  const before = text.slice(from, offset);
  const after = text.slice(offset, lineEnd(text, offset));
  if (/(^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ''))) return null;
  const span = {
    start: offset - /["']?[\w./-]*$/.exec(before)![0].length,
    end: offset + /^[\w./-]*["']?/.exec(after)![0].length,
  };
  // The dash of a list item is no part of the word.
  if (/^\s*-$/.test(before)) return null;
  const lead = text.slice(from, span.start);
  const rest = text.slice(span.end, lineEnd(text, offset));
  const hasColon = /^\s*:/.test(rest);
  const isLine = /^\s*(- +)*$/.test(lead) && /^\s*(#.*)?$/.test(rest);
  const put = isLine ? `${PLACEHOLDER}:` : PLACEHOLDER;
  // As YAML also for JSON, of which it is a superset: its parser goes on after a fault.
  const { root } = readSource(
    text.slice(0, span.start) + put + text.slice(span.end),
    'cursor.yaml',
  );
  const found = root && search(root, []);
  if (!root || !found) return null;
  const value = toPlain(root).value;
  const { node, path, isFlow } = found;
  if (node.kind !== 'map') return { kind: 'value', span, root: value, path, isFlow };
  const siblings = { ...(toPlain(node).value as { [key: string]: Plain }) };
  delete siblings[PLACEHOLDER];
  const isAlone = Object.keys(siblings).length === 0;
  return { kind: 'key', span, root: value, path, siblings, isAlone, hasColon, isFlow };
}

/** The map that has the placeholder as a key, or the scalar that is it. */
function search(
  node: SourceNode,
  path: (string | number)[],
): { node: SourceNode; path: (string | number)[]; isFlow: boolean } | null {
  if (node.kind === 'scalar') {
    return node.value === PLACEHOLDER ? { node, path, isFlow: false } : null;
  }
  if (node.kind === 'map') {
    if (node.entries.some(({ key }) => key === PLACEHOLDER))
      return { node, path, isFlow: node.flow };
    for (const { key, value } of node.entries) {
      const found = search(value, [...path, key]);
      if (found) return found;
    }
  }
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const found = search(item, [...path, index]);
      if (found) return found;
    }
  }
  return null;
}
