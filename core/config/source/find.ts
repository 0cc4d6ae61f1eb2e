import type { ConfigPath } from '../../events/finding.ts';
import { resolveAlias, type SourceEntry, type SourceNode, type Span } from './node.ts';

/** What stands at a path. `entry` is null for list items and the root. */
export interface Found {
  node: SourceNode;
  entry: SourceEntry | null;
}

/** The last entry of this key: of duplicates the last one counts. */
export function entryOf(node: SourceNode, key: string): SourceEntry | null {
  const map = resolveAlias(node);
  if (map.kind !== 'map') return null;
  return map.entries.findLast((entry) => entry.key === key) ?? null;
}

export function find(root: SourceNode | null, path: ConfigPath): Found | null {
  if (!root) return null;
  let found: Found = { node: root, entry: null };
  for (const step of path) {
    const node = resolveAlias(found.node);
    if (node.kind === 'list') {
      const item = node.items[Number(step)];
      if (!item) return null;
      found = { node: item, entry: null };
    } else {
      const entry = entryOf(node, String(step));
      if (!entry) return null;
      found = { node: entry.value, entry };
    }
  }
  return found;
}

/**
 * The text of a key or of its value. A list item has no key: the first key of its map stands for it
 * (`dense` of `- dense: 100`). An empty value is told by its key.
 */
export function spanAt(
  root: SourceNode | null,
  path: ConfigPath,
  part: 'key' | 'value',
): Span | null {
  const found = find(root, path);
  if (!found) return null;
  const { node, entry } = found;
  if (part === 'value') {
    if (node.span.end > node.span.start || !entry) return node.span;
    return entry.keySpan;
  }
  if (entry) return entry.keySpan;
  if (path.length > 0 && node.kind === 'map' && node.entries[0]) return node.entries[0].keySpan;
  return node.span;
}

/** The path of the innermost key or item that this offset lies in or touches; `[]` for none. */
export function pathAt(root: SourceNode | null, offset: number): (string | number)[] {
  const path: (string | number)[] = [];
  let node = root;
  while (node) {
    let next: SourceNode | null = null;
    if (node.kind === 'map') {
      for (const { key, keySpan, value } of node.entries) {
        const end = Math.max(keySpan.end, value.span.end);
        if (offset < keySpan.start || offset > end) continue;
        path.push(key);
        next = offset >= value.span.start ? value : null;
        break;
      }
    } else if (node.kind === 'list') {
      const index = node.items.findIndex(({ span }) => offset >= span.start && offset <= span.end);
      if (index >= 0) {
        path.push(index);
        next = node.items[index]!;
      }
    }
    node = next;
  }
  return path;
}
