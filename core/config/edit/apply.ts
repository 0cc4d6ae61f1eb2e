import type { ConfigPath, Edit, Json } from '../../events/finding.ts';
import { UserError } from '../../events/user-error.ts';
import { configShape, type Shape } from '../json-schema.ts';
import { shapeAt } from '../shapes.ts';
import { entryOf } from '../source/find.ts';
import type { SourceNode, Span } from '../source/node.ts';
import { type Plain, toPlain } from '../source/plain.ts';
import { isJson, readSource } from '../source/read.ts';
import { insertEntry, insertItem } from './insert.ts';
import { column, indentOf, lineEnd, startsLine } from './layout.ts';
import { removeEntry, removeItem } from './remove.ts';
import { blockEntry, inline, type Style, scalar } from './render.ts';
import { compose, replace, type TextReplacement } from './replacements.ts';

/**
 * Makes edits in a config's text, one after the other, and changes no more of it than they need:
 * comments and layout stay. A missing key is added with the keys above it; in a list, the index
 * behind the last item adds one.
 * @returns replacements of the given text, sorted and disjoint
 * @throws UserError when the text cannot be read or the path leads nowhere
 */
export function applyEdits(
  text: string,
  fileName: string,
  edits: readonly Edit[],
): TextReplacement[] {
  const editor = new Editor(text, fileName);
  for (const { path, value } of edits) {
    if (value === undefined) editor.remove(path);
    else editor.set(path, value);
  }
  return editor.replacements;
}

class Editor {
  replacements: TextReplacement[] = [];
  #text: string;
  #root: SourceNode | null = null;
  readonly #fileName: string;
  readonly #style: Style;

  constructor(text: string, fileName: string) {
    this.#text = text;
    this.#fileName = fileName;
    const newline = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
    this.#style = { json: isJson(fileName), indent: indentOf(text), newline };
    this.#read();
  }

  remove(path: ConfigPath): void {
    const key = path.at(-1);
    const { node, depth } = this.#walk(path.slice(0, -1));
    if (key === undefined) this.#replaceSpan({ start: 0, end: this.#text.length }, '');
    else if (!node || depth < path.length - 1) return;
    else if (node.kind === 'alias') this.#unalias(node, () => this.remove(path));
    else if (path.length > 1 && isLastOfBlock(node, key)) {
      const empty = node.kind === 'list' ? '[]' : '{}';
      this.#replaceSpan(...this.#besideKey(path.slice(0, -1), node, empty));
    } else if (node.kind === 'list') this.#apply(removeItem(this.#text, node, Number(key)));
    else if (node.kind === 'map') this.#apply(removeEntry(this.#text, node, String(key)));
  }

  set(path: ConfigPath, value: Json): void {
    const { node, depth, isFlow } = this.#walk(path);
    const [key, ...inner] = path.slice(depth);
    if (!node) this.#setRoot(nest(path, value));
    else if (node.kind === 'alias') this.#unalias(node, () => this.set(path, value));
    else if (key === undefined) this.#setNode(path, node, value);
    else if (node.kind === 'list') {
      if (key !== node.items.length) throw missing(path.slice(0, depth + 1));
      this.#apply(insertItem(this.#text, node, key, nest(inner, value), this.#style));
    } else if (node.kind === 'map') {
      const added = nest(inner, value);
      this.#apply(insertEntry(this.#text, node, String(key), added, this.#style));
    } else if (isEmpty(node.span) && !isFlow && depth > 0) {
      this.#fillEmpty(path.slice(0, depth), node.span, String(key), nest(inner, value));
    } else {
      const shape = shapeAt(configShape(), path.slice(0, depth));
      const long = expandShorthand(shape, node.value, key);
      // A shorthand may be of the very key: `units` of `dense: 100`.
      const isShort = Object.hasOwn(long, key) && typeof value === typeof node.value;
      this.#setScalar(node.span, isShort ? value : { ...long, [key]: nest(inner, value) });
    }
  }

  /** As far along the path as the text goes. */
  #walk(path: ConfigPath): { node: SourceNode | null; depth: number; isFlow: boolean } {
    let node = this.#root;
    let depth = 0;
    let isFlow = false;
    for (const step of path) {
      if (!node || node.kind === 'alias') break;
      if (node.kind !== 'scalar') isFlow ||= node.flow;
      const next: SourceNode | undefined =
        node.kind === 'list' ? node.items[Number(step)] : entryOf(node, String(step))?.value;
      if (!next) break;
      node = next;
      depth++;
    }
    return { node, depth, isFlow };
  }

  #setNode(path: ConfigPath, node: Exclude<SourceNode, { kind: 'alias' }>, value: Json): void {
    const old = toPlain(node).value;
    if (isEqual(old, value)) return;
    if (
      isRecord(old) &&
      isRecord(value) &&
      Object.keys(old).some((key) => Object.hasOwn(value, key))
    ) {
      for (const [key, item] of Object.entries(value)) this.set([...path, key], item);
      const unwanted = Object.keys(old).filter((key) => !Object.hasOwn(value, key));
      for (const key of unwanted) this.remove([...path, key]);
    } else if (Array.isArray(old) && Array.isArray(value) && old.length > 0 && value.length > 0) {
      this.#setItems(path, old, value);
    } else if (path.length === 0) {
      this.#setRoot(value);
    } else if (node.kind === 'scalar') {
      this.#setScalar(node.span, value);
    } else {
      this.#replaceSpan(...this.#besideKey(path, node, inline(value, this.#style)));
    }
  }

  /** Items that stay at the beginning and at the end are left alone. */
  #setItems(path: ConfigPath, old: readonly Plain[], value: readonly Json[]): void {
    let first = 0;
    const shorter = Math.min(old.length, value.length);
    while (first < shorter && isEqual(old[first]!, value[first]!)) first++;
    let last = 0;
    while (last < shorter - first && isEqual(old.at(-1 - last)!, value.at(-1 - last)!)) last++;
    const common = shorter - last;
    for (let index = first; index < common; index++) this.set([...path, index], value[index]!);
    for (let index = old.length - last - 1; index >= common; index--) this.remove([...path, index]);
    for (let index = common; index < value.length - last; index++) {
      const { node } = this.#walk(path);
      if (node?.kind !== 'list') throw missing(path);
      this.#apply(insertItem(this.#text, node, index, value[index]!, this.#style));
    }
  }

  #setScalar(span: Span, value: Json): void {
    const like = this.#text.slice(span.start, span.end);
    const text = isPrimitive(value) ? scalar(value, this.#style, like) : inline(value, this.#style);
    const gap = span.start === span.end && /\S/.test(this.#text[span.start - 1] ?? ' ') ? ' ' : '';
    this.#replaceSpan(span, gap + text);
  }

  /** Instead of a block below its key: on the key's own line. */
  #besideKey(path: ConfigPath, node: SourceNode, text: string): [Span, string] {
    const parent = this.#walk(path.slice(0, -1)).node;
    const entry = parent && entryOf(parent, String(path.at(-1)));
    if (!entry || !startsLine(this.#text, node.span.start)) return [node.span, text];
    const colon = this.#text.indexOf(':', entry.keySpan.end);
    const between = this.#text.slice(colon + 1, node.span.start);
    if (!/^\s*$/.test(between)) return [node.span, text];
    return [{ start: colon + 1, end: node.span.end }, ` ${text}`];
  }

  /** `optimizer:` with nothing behind it. */
  #fillEmpty(path: ConfigPath, span: Span, key: string, value: Json): void {
    const parent = this.#walk(path.slice(0, -1)).node;
    if (parent?.kind !== 'map') {
      this.#setScalar(span, { [key]: value });
      return;
    }
    const { keySpan } = entryOf(parent, String(path.at(-1)))!;
    const indent = column(this.#text, parent.entries[0]!.keySpan.start) + this.#style.indent;
    const at = lineEnd(this.#text, keySpan.end);
    const line = blockEntry(key, value, indent, this.#style);
    const { newline } = this.#style;
    this.#replaceSpan({ start: at, end: at }, newline + ' '.repeat(indent) + line);
  }

  #setRoot(value: Json): void {
    const end = this.#root ? this.#root.span.end : this.#text.length;
    const start = this.#root ? this.#root.span.start : end;
    const { newline, json } = this.#style;
    if (json || !isRecord(value)) {
      this.#replaceSpan({ start, end }, inline(value, this.#style));
      return;
    }
    const lines = Object.entries(value).map(([key, item]) => blockEntry(key, item, 0, this.#style));
    const gap = /[^\r\n\uFEFF]$/.test(this.#text.slice(0, start)) ? newline : '';
    const final = end === this.#text.length ? newline : '';
    this.#replaceSpan({ start, end }, gap + lines.join(newline) + final);
  }

  /** Writes out what an alias stands for, so that it can differ from it. */
  #unalias(node: SourceNode, then: () => void): void {
    this.#replaceSpan(node.span, inline(toPlain(node).value as Json, this.#style));
    then();
  }

  #replaceSpan({ start, end }: Span, text: string): void {
    this.#apply({ start, end, text });
  }

  #apply(replacement: TextReplacement | null): void {
    if (!replacement) return;
    this.#text = replace(this.#text, replacement);
    this.replacements = compose(this.replacements, replacement);
    this.#read();
  }

  #read(): void {
    const { root, problems } = readSource(this.#text, this.#fileName);
    if (problems[0]) {
      const message = `This config cannot be edited before its text is mended: ${problems[0].message}`;
      throw new UserError(message);
    }
    this.#root = root;
  }
}

function missing(path: ConfigPath): UserError {
  return new UserError(`The config has no ${path.join('.')} that could be changed.`, { path });
}

/** The value below these keys. */
function nest(path: ConfigPath, value: Json): Json {
  return path.reduceRight<Json>((inner, step) => {
    if (typeof step === 'string') return { [step]: inner };
    if (step !== 0) throw missing(path);
    return [inner];
  }, value);
}

/**
 * What a word or number in the place of a map stands for: `sgd` for { type: sgd }, `dense: 100` for
 * { units: 100 }; `leakyRelu` becomes the map that holds its options.
 */
function expandShorthand(
  shape: Shape | null,
  value: Plain,
  key: string | number,
): { [key: string]: Json } {
  for (const { properties, required } of shape?.anyOf ?? []) {
    if (typeof value === 'string' && properties?.type?.enum?.includes(value))
      return { type: value };
    if (typeof value === 'number' && properties?.[key] && required?.length === 1) {
      return { [required[0]!]: value };
    }
  }
  return {};
}

/** Whether a block would be empty without it: then it needs brackets. */
function isLastOfBlock(node: SourceNode, key: string | number): boolean {
  if (node.kind === 'list') return !node.flow && node.items.length === 1 && Number(key) === 0;
  return (
    node.kind === 'map' && !node.flow && node.entries.length === 1 && !!entryOf(node, `${key}`)
  );
}

function isEmpty({ start, end }: Span): boolean {
  return start === end;
}

function isPrimitive(value: Json): value is null | boolean | number | string {
  return typeof value !== 'object' || value === null;
}

function isRecord(value: Json | Plain): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEqual(a: Plain | Json, b: Plain | Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]!));
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key]!, b[key]!))
    );
  }
  return Object.is(a, b);
}
