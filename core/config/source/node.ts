/** Offsets into the text, the end excluded. */
export interface Span {
  start: number;
  end: number;
}

export interface SourceMap {
  kind: 'map';
  span: Span;
  /** Written with braces; otherwise by indentation. */
  flow: boolean;
  entries: SourceEntry[];
}

export interface SourceEntry {
  key: string;
  keySpan: Span;
  value: SourceNode;
}

export interface SourceList {
  kind: 'list';
  span: Span;
  flow: boolean;
  items: SourceNode[];
}

export interface SourceScalar {
  kind: 'scalar';
  /** Empty, just behind its key, where no value is written. */
  span: Span;
  value: null | boolean | number | string;
}

/** `*name`: stands for a node that was written before. */
export interface SourceAlias {
  kind: 'alias';
  span: Span;
  target: SourceNode;
}

/** A config's text as a tree, whichever language it is written in. */
export type SourceNode = SourceMap | SourceList | SourceScalar | SourceAlias;

export interface SyntaxProblem {
  message: string;
  span: Span;
}

export interface Source {
  /** null: nothing is written, or it is too broken to tell. */
  root: SourceNode | null;
  problems: SyntaxProblem[];
}

/** The node that an alias stands for, else the node itself. */
export function resolveAlias(node: SourceNode): Exclude<SourceNode, SourceAlias> {
  let current = node;
  while (current.kind === 'alias') current = current.target;
  return current;
}
