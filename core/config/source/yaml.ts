import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { Source, SourceEntry, SourceNode, Span, SyntaxProblem } from './node.ts';

export const DEEPEST = 100;

/**
 * Reads YAML 1.2 (core schema) into a tree. Tags are refused: a config is plain data. Only the first
 * fault of the syntax is told; the others mostly follow from it.
 */
export function readYaml(text: string): Source {
  const document = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
    stringKeys: false,
  });
  const problems: SyntaxProblem[] = [];
  const [first] = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first) problems.push(explain(first, text));
  const reader = new Reader(text, first ? [] : problems);
  const root = document.contents && reader.node(document.contents, 0, 0);
  const empty = root?.kind === 'scalar' && root.value === null && root.span.start === root.span.end;
  return { root: empty ? null : root, problems };
}

class Reader {
  readonly #text: string;
  readonly #problems: SyntaxProblem[];
  readonly #anchors = new Map<string, SourceNode>();

  constructor(text: string, problems: SyntaxProblem[]) {
    this.#text = text;
    this.#problems = problems;
  }

  /** `at` is where the node would stand if it is empty; null leaves that to the parser. */
  node(node: unknown, at: number | null, depth: number): SourceNode {
    const span = this.#span(node, at);
    const anchor = (isScalar(node) || isCollection(node)) && node.anchor;
    const read = this.#content(node, span, depth, anchor || null);
    if ((isScalar(node) || isCollection(node)) && node.tag) {
      this.#problem(
        span,
        `A config is plain data: remove the tag ${node.tag.replace('tag:yaml.org,2002:', '!!')}.`,
      );
    }
    return read;
  }

  #content(node: unknown, span: Span, depth: number, anchor: string | null): SourceNode {
    // An anchor is known before its content is read: an alias inside it means the same node.
    const know = <N extends SourceNode>(read: N): N => {
      if (anchor !== null) this.#anchors.set(anchor, read);
      return read;
    };
    if (depth > DEEPEST) {
      this.#problem(span, `This is nested too deeply: more than ${DEEPEST} levels.`);
      return { kind: 'scalar', span, value: null };
    }
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target) return { kind: 'alias', span, target };
      this.#problem(
        span,
        `Nothing above is marked "&${node.source}", so *${node.source} means nothing.`,
      );
      return { kind: 'scalar', span, value: null };
    }
    if (isMap(node)) {
      const map = know({
        kind: 'map' as const,
        span,
        flow: node.flow === true,
        entries: [] as SourceEntry[],
      });
      for (const pair of node.items) map.entries.push(this.#entry(pair, span, depth));
      if (!map.flow) this.#endWith(span, map.entries.at(-1));
      return map;
    }
    if (isSeq(node)) {
      const list = know({
        kind: 'list' as const,
        span,
        flow: node.flow === true,
        items: [] as SourceNode[],
      });
      for (const item of node.items) {
        list.items.push(
          isPair(item) ? this.#pairItem(item, depth) : this.node(item, null, depth + 1),
        );
      }
      if (!list.flow) this.#endWith(span, list.items.at(-1));
      return list;
    }
    return know({
      kind: 'scalar',
      span,
      value: isScalar(node) ? this.#plain(node.value, span) : null,
    });
  }

  /** A block ends where its last part ends: the parser counts comments behind that in. */
  #endWith(block: Span, last: SourceEntry | SourceNode | undefined): void {
    if (!last) return;
    const end = 'key' in last ? Math.max(last.keySpan.end, last.value.span.end) : last.span.end;
    if (end > block.start) block.end = Math.min(end, block.end);
  }

  /** `[a: 1]` is a list of a map. */
  #pairItem(pair: Pair, depth: number): SourceNode {
    const entry = this.#entry(pair, { start: 0, end: 0 }, depth);
    const span = {
      start: entry.keySpan.start,
      end: Math.max(entry.keySpan.end, entry.value.span.end),
    };
    return { kind: 'map', span, flow: true, entries: [entry] };
  }

  #entry({ key, value }: Pair, parent: Span, depth: number): SourceEntry {
    const keySpan = this.#span(key, parent.start);
    if (!isScalar(key)) this.#problem(keySpan, 'A key must be a word.');
    const name = isScalar(key) ? String(key.value ?? '') : '';
    const at = this.#behindColon(keySpan.end);
    return { key: name, keySpan, value: this.node(value, at, depth + 1) };
  }

  #behindColon(offset: number): number {
    const colon = /^[ \t]*:/.exec(this.#text.slice(offset, offset + 100));
    return colon ? offset + colon[0].length : offset;
  }

  #plain(value: unknown, span: Span): null | boolean | number | string {
    switch (typeof value) {
      case 'boolean':
      case 'number':
      case 'string':
        return value;
      case 'bigint':
        return Number(value);
      default:
        if (value !== null)
          this.#problem(span, 'A config is plain data: text, numbers, true and false.');
        return null;
    }
  }

  /** Without the white space that a block ends in. */
  #span(node: unknown, at: number | null): Span {
    const range = (node as Node | null | undefined)?.range;
    if (!range) return { start: at ?? 0, end: at ?? 0 };
    const [start, valueEnd] = range;
    let end = Math.min(valueEnd, this.#text.length);
    while (end > start && /\s/.test(this.#text[end - 1]!)) end--;
    return end > start ? { start, end } : { start: at ?? start, end: at ?? start };
  }

  #problem(span: Span, message: string): void {
    if (this.#problems.length === 0) this.#problems.push({ span, message });
  }
}

const PLAIN_WORDS: { [code: string]: string } = {
  TAB_AS_INDENT: 'Lines are indented by spaces here, not by tabs.',
  MULTIPLE_DOCS: 'A config is one document: remove the line --- and what follows it.',
  BLOCK_AS_IMPLICIT_KEY:
    'A value cannot hold another key on the same line: put it on a line of its own, or quote the value.',
  MULTILINE_IMPLICIT_KEY: 'A ":" is missing behind this key.',
  BAD_INDENT: 'The indentation does not match the lines around it.',
  BAD_ALIAS: 'An alias is * and the name of an anchor above.',
  BAD_DQ_ESCAPE: 'Unknown escape in quoted text: write \\\\ for a backslash.',
  KEY_OVER_1024_CHARS: 'A ":" is missing, or this key is absurdly long.',
  RESOURCE_EXHAUSTION: 'This is nested too deeply.',
};

function explain({ code, message, pos }: YAMLError, text: string): SyntaxProblem {
  const start = Math.min(pos[0], text.length);
  let end = Math.min(Math.max(pos[1], start), text.length);
  // Never over the end of the line, and never empty where there is something to underline.
  const lineEnd = /[\r\n]|$/.exec(text.slice(start))!.index + start;
  end = Math.max(Math.min(end, lineEnd), Math.min(start + 1, lineEnd));
  // The parser points at one character of a word.
  if (end === start + 1)
    end = start + Math.max(1, /^[\w.-]*/.exec(text.slice(start, lineEnd))![0].length);
  const open = /^Flow (map|sequence) in block collection/.exec(message)?.[1];
  const words = open
    ? `A bracket is never closed: a "${open === 'map' ? '}' : ']'}" is missing, or what stands in it is not indented.`
    : (PLAIN_WORDS[/^Implicit map keys need/.test(message) ? 'MULTILINE_IMPLICIT_KEY' : code] ??
      `${message.split('\n')[0]!.replace(/\.?$/, '.')}`);
  return { message: `This is not valid YAML. ${words}`, span: { start, end } };
}
