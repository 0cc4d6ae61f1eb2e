import { count } from '../format.ts';
import type {
  Answers,
  ExampleAnswer,
  ExampleId,
  ExplorerFacts,
  Part,
  Refusable,
} from '../protocol.ts';
import type { Theme } from '../theme.ts';
import type { Ask, AskOptions } from './client.ts';
import type { Cell } from './state.ts';

/** What the sections are about. */
export interface Subject {
  facts: ExplorerFacts;
  example: ExampleId;
  answer: ExampleAnswer;
}

/** What a section can do. */
export interface Tools {
  ask: Ask;
  /** What the network says of all examples of a part: asked for once. */
  predictions(part: Part, options: AskOptions): Promise<Answers['predictions']>;
  /** Makes this the example that all sections are about. */
  choose(example: ExampleId): void;
  /** Lists the examples of a part that belong to a cell of its confusion matrix. */
  list(part: Part, cell: Cell): void;
}

/** A piece of the tab that answers one question. Only the section that is seen is shown, and computes. */
export interface Section {
  readonly element: HTMLElement;
  /** It is before the user's eyes, or another example is. */
  show(subject: Subject): void;
  /** It is not any more: whatever it computes ends. */
  hide(): void;
  /** Draws what it has, in these colors. */
  paint(theme: Theme): void;
}

export interface SectionKind {
  id: string;
  title: string;
  question: string;
  /** The question to the network that it cannot do without: where that is refused, its reason is shown. */
  needs: Refusable;
  create(tools: Tools, theme: Theme): Section;
}

/** "validation example 3". */
export const exampleName = ({ part, index }: ExampleId) =>
  `${part === 'train' ? 'training' : 'validation'} example ${count(index)}`;

export const sameExample = (a: ExampleId, b: ExampleId) => a.part === b.part && a.index === b.index;
