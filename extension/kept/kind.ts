import type { CommandId } from '../ids.ts';
import type { Work } from './work.ts';

/** What the view of a work is told. */
export interface Page<W extends Work> {
  bundle: 'sweep' | 'ensemble';
  /** All of it, for a view that has nothing. */
  whole(work: W): object;
  /** What has come since; null: nothing can be told. */
  news(work: W): object | null;
}

/** A kind of work: by which ids it is known, and what is said of it. */
export interface WorkKind<W extends Work> {
  is(one: unknown): one is W;
  /** The sidebar's view of them. */
  tree: string;
  /** The type of the panel that shows one, and the page in it. */
  panel: string;
  page: Page<W>;
  open: CommandId;
  /** In the editor's language. */
  words(): {
    /** On a button. */
    open: string;
    which: string;
    active(count: number): string;
    titleOf(name: string): string;
    /** Above its progress. */
    heading(name: string): string;
    failed(name: string, why: string): string;
    done(name: string, what: string): string;
    /** Whether to delete it, and what else goes with it. */
    delete(name: string, when: string): string;
    deleted(size: string, folder: string): string;
    /** Why a command has nothing to act on. */
    noneYet: string;
    noneActive: string;
    noneOver: string;
    noneStopped: string;
  };
}
