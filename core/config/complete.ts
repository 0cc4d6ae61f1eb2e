import { cursorAt, type KeyCursor, type ValueCursor } from './cursor.ts';
import { document, written } from './describe.ts';
import { expectation } from './expected.ts';
import { configShape, type Shape } from './json-schema.ts';
import { searchableKeys } from './searchable.ts';
import { isOfType, mapsOf, meaningsOf, shapeAt, variantKeys } from './shapes.ts';
import { Lines, type Range } from './source/lines.ts';
import type { Plain } from './source/plain.ts';
import { isJson } from './source/read.ts';

export interface Completion {
  label: string;
  kind: 'key' | 'value';
  /** Markdown. */
  documentation: string;
  /** A snippet in VS Code's syntax. */
  insertText: string;
  /** What it replaces. */
  range: Range;
}

/** Keys that may be added, and values that may stand, where the cursor is. The text may be broken. */
export function completionsAt(text: string, fileName: string, offset: number): Completion[] {
  const cursor = cursorAt(text, offset);
  if (!cursor) return [];
  const json = isJson(fileName);
  const range = new Lines(text).range(cursor.span);
  const items = itemsAt(cursor, json);
  const seen = new Set<string>();
  return items
    .filter(({ label }) => !seen.has(label) && seen.add(label))
    .map((item) => ({ ...item, range }));
}

type Item = Omit<Completion, 'range'>;

function itemsAt(cursor: KeyCursor | ValueCursor, json: boolean): Item[] {
  const { path, root } = cursor;
  if (cursor.kind === 'value') return values(path, root, json, false);
  if (!cursor.isAlone || cursor.isFlow || cursor.hasColon) return keys(cursor, json);
  // Alone on a line it may be the value as well; of a list, that is more likely.
  const words = values(path, root, json, true);
  return typeof path.at(-1) === 'number'
    ? inLists(words, keys(cursor, json))
    : [...keys(cursor, json), ...words];
}

function keys(
  { path, root, siblings, isAlone, hasColon, isFlow }: KeyCursor,
  json: boolean,
): Item[] {
  const shape = shapeAt(configShape(), path, root);
  if (!shape) return [];
  if (shape.keys === 'paths') return searched(root, siblings, hasColon, json);
  let maps = mapsOf(shape);
  const typed = maps.filter(({ properties }) => properties?.type);
  if (typed.length > 0) maps = typed.filter((option) => isOfType(option, siblings.type));
  // A layer has one key.
  if (!isAlone && variantKeys(shape).length > 1) return [];
  return maps.flatMap(({ properties }) =>
    Object.entries(properties ?? {})
      .filter(([key]) => !Object.hasOwn(siblings, key))
      .map(([key, field]): Item => {
        const name = json ? `"${key}"` : key;
        const insertText = hasColon ? name : name + afterKey(field, isFlow || json, json);
        return { label: key, kind: 'key', documentation: document(key, field), insertText };
      }),
  );
}

/** Keys to search, each with a range that suits it. */
function searched(root: Plain, siblings: KeyCursor['siblings'], hasColon: boolean, json: boolean) {
  return searchableKeys(root)
    .filter(({ path }) => !Object.hasOwn(siblings, path))
    .map(({ path, shape, range: { kind, values } }): Item => {
      const name = json ? JSON.stringify(path) : path;
      const list = values.map((value) => (json ? JSON.stringify(value) : written(value)));
      const range = `{ ${json ? JSON.stringify(kind) : kind}: [${list.join(', ')}] }`;
      return {
        label: path,
        kind: 'key',
        documentation: document(path, shape),
        insertText: hasColon ? name : `${name}: ${snippet(range)}`,
      };
    });
}

/** The colon and a place for the value. */
function afterKey(shape: Shape, isFlow: boolean, json: boolean): string {
  if (shape.type === 'object') return isFlow ? ': { $0 }' : ':\n  $0';
  if (shape.type === 'array') {
    // Lists of words stand on one line, lists of maps on lines of their own.
    return isFlow || !shape.items?.anyOf ? ': [$0]' : ':\n  - $0';
  }
  const example = shape.default ?? shape.examples?.[0];
  if (typeof example === 'object' || example === undefined) return ': $0';
  const value = json ? JSON.stringify(example) : written(example);
  return `: \${1:${snippet(value)}}`;
}

function values(
  path: readonly (string | number)[],
  root: KeyCursor['root'],
  json: boolean,
  ownLine: boolean,
): Item[] {
  const shape = shapeAt(configShape(), path, root);
  if (!shape) return [];
  const quote = (word: string) => snippet(json ? JSON.stringify(word) : word);
  // A `type` may be that of any variant, whichever is written now.
  const parent = path.at(-1) === 'type' ? shapeAt(configShape(), path.slice(0, -1), root) : null;
  const words = parent
    ? mapsOf(parent).flatMap((map) => meaningsOf(map.properties!.type!))
    : meaningsOf(shape);
  const items = words.map(
    ({ word, meaning }): Item => ({
      label: word,
      kind: 'value',
      documentation: meaning,
      insertText: quote(word),
    }),
  );
  if (shape.type === 'boolean') {
    for (const word of ['true', 'false']) items.push(plain(word, shape));
  }
  for (const example of [shape.default, ...(shape.examples ?? [])]) {
    if (typeof example === 'number') items.push(plain(written(example), shape));
  }
  if (ownLine) return items;
  const inBraces = json || typeof path.at(-1) !== 'number';
  const keys = variantKeys(shape).map((key): Item => {
    const field = mapsOf(shape).find(({ properties }) => properties?.[key])!.properties![key]!;
    const entry = (json ? JSON.stringify(key) : key) + afterKey(field, true, json);
    const insertText = inBraces ? `{ ${entry} }` : entry;
    return { label: key, kind: 'key', documentation: document(key, field), insertText };
  });
  return inBraces ? [...items, ...keys] : inLists(items, keys);
}

/** A layer that has to say more than its name, such as its units, stands before the activations. */
function inLists(words: Item[], keys: Item[]): Item[] {
  const named = new Set(words.map(({ label }) => label));
  return [...keys.filter(({ label }) => !named.has(label)), ...words];
}

function plain(word: string, shape: Shape): Item {
  const documentation = shape.description ?? expectation(shape);
  return { label: word, kind: 'value', documentation, insertText: word };
}

/** `$`, `}` and `\` mean something in a snippet. */
function snippet(text: string): string {
  return text.replace(/[$}\\]/g, '\\$&');
}
