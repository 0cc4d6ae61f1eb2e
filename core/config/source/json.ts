import type { Source, SourceEntry, SourceNode, Span } from './node.ts';
import { DEEPEST } from './yaml.ts';

/** Reads JSON (RFC 8259) into a tree; stops at the first fault of its syntax. */
export function readJson(text: string): Source {
  try {
    return { root: new JsonReader(text).document(), problems: [] };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { root: null, problems: [{ message: error.message, span: error.span }] };
  }
}

class JsonSyntaxError extends Error {
  readonly span: Span;

  constructor(what: string, span: Span) {
    super(`This is not valid JSON. ${what}`);
    this.span = span;
  }
}

const NUMBER = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /[^\s,:[\]{}"]+/y;
const SPACE = /[ \t\r\n]*/y;

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\uFEFF')) this.#at = 1;
  }

  document(): SourceNode | null {
    this.#skip();
    if (this.#at === this.#text.length) return null;
    const root = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) throw this.#fault('Nothing may follow the closing brace.');
    return root;
  }

  #value(depth: number): SourceNode {
    if (depth > DEEPEST) throw this.#fault(`It is nested too deeply: more than ${DEEPEST} levels.`);
    const start = this.#at;
    const next = this.#text[start];
    if (next === '{') return this.#map(depth);
    if (next === '[') return this.#list(depth);
    if (next === '"') {
      const value = this.#string();
      return { kind: 'scalar', value, span: { start, end: this.#at } };
    }
    const word = this.#match(WORD);
    const span = { start, end: this.#at };
    if (word === 'true' || word === 'false')
      return { kind: 'scalar', value: word === 'true', span };
    if (word === 'null') return { kind: 'scalar', value: null, span };
    NUMBER.lastIndex = 0;
    if (word !== '' && NUMBER.exec(word)?.[0] === word) {
      return { kind: 'scalar', value: Number(word), span };
    }
    this.#at = start;
    if (word === '') throw this.#fault('A value is missing here.');
    if (word.startsWith('//') || word.startsWith('/*') || word.startsWith('#')) {
      throw this.#fault('JSON has no comments; a .train.yaml may have them.', word.length);
    }
    throw this.#fault(
      /^[-+.\d]/.test(word) ? 'This is no JSON number.' : 'Text must stand in double quotes.',
      word.length,
    );
  }

  #map(depth: number): SourceNode {
    const start = this.#at++;
    const entries: SourceEntry[] = [];
    this.#skip();
    while (!this.#take('}')) {
      if (entries.length > 0) this.#comma('}', start);
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') {
        const word = this.#match(WORD);
        this.#at = keyStart;
        throw this.#fault('A key in double quotes is expected here.', word.length);
      }
      const key = this.#string();
      const keySpan = { start: keyStart, end: this.#at };
      this.#skip();
      if (!this.#take(':')) throw this.#fault(`A ":" is missing behind the key "${key}".`);
      this.#skip();
      entries.push({ key, keySpan, value: this.#value(depth + 1) });
      this.#skip();
    }
    return { kind: 'map', span: { start, end: this.#at }, flow: true, entries };
  }

  #list(depth: number): SourceNode {
    const start = this.#at++;
    const items: SourceNode[] = [];
    this.#skip();
    while (!this.#take(']')) {
      if (items.length > 0) this.#comma(']', start);
      items.push(this.#value(depth + 1));
      this.#skip();
    }
    return { kind: 'list', span: { start, end: this.#at }, flow: true, items };
  }

  /** The comma before another item. */
  #comma(close: string, opened: number): void {
    const before = this.#at;
    if (this.#at === this.#text.length) {
      const open = { start: opened, end: opened + 1 };
      throw new JsonSyntaxError(`This bracket is never closed: a "${close}" is missing.`, open);
    }
    if (!this.#take(',')) throw this.#fault(`A "," or "${close}" is expected here.`);
    this.#skip();
    if (this.#text[this.#at] === close) {
      this.#at = before;
      throw this.#fault(`No comma may stand before "${close}".`);
    }
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (this.#text[end] !== '"') {
      const character = this.#text[end];
      if (character === undefined || character < ' ') {
        const span = { start, end };
        throw new JsonSyntaxError('The closing quote of this text is missing on its line.', span);
      }
      end += character === '\\' ? 2 : 1;
    }
    end = Math.min(end + 1, this.#text.length);
    this.#at = end;
    try {
      return JSON.parse(this.#text.slice(start, end)) as string;
    } catch {
      const span = { start, end };
      throw new JsonSyntaxError('Unknown escape in this text: write \\\\ for a backslash.', span);
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skip(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fault(what: string, length = 1): JsonSyntaxError {
    const start = Math.min(this.#at, Math.max(this.#text.length - 1, 0));
    const end = Math.min(start + Math.max(length, 1), this.#text.length);
    return new JsonSyntaxError(what, { start, end });
  }
}
