import { unboxNumbers } from '../../core/inspection/explorer/numbers.ts';
import type { ExploredCheckpoint } from '../../core/session/explore-protocol.ts';
import type { CheckpointFile, ExplorerFacts, Part, ToView } from '../protocol.ts';

/** What can be asked about a run. */
export interface Exploring {
  run: string;
  session: number;
  /** Null while it is opened, and where it cannot be. */
  network: { facts: ExplorerFacts; checkpoint: ExploredCheckpoint } | null;
  newer: CheckpointFile | null;
  /** Why nothing (more) can be asked. */
  problem: string | null;
}

/** Takes in what the host says of it. What is known of a session stays. */
export function receiveExplorer(
  known: Exploring | null,
  message: Extract<ToView, { type: 'explorer' }>,
): Exploring {
  const { run, session } = message;
  const network = known?.session === session ? known.network : null;
  switch (message.state) {
    case 'opening':
      return { run, session, network, newer: null, problem: null };
    case 'closed':
      return { run, session, network, newer: null, problem: message.message };
    case 'open': {
      const facts = unboxNumbers(message.facts) as ExplorerFacts;
      const checkpoint = unboxNumbers(message.checkpoint) as ExploredCheckpoint;
      return {
        run,
        session,
        network: network ?? { facts, checkpoint },
        newer: message.newer,
        problem: null,
      };
    }
  }
}

/** Which examples are listed. */
export const LISTS = [
  'all',
  'misclassified',
  'surelyRight',
  'surelyWrong',
  'worst',
  'cell',
] as const;
export type ListName = (typeof LISTS)[number];

/** A cell of the confusion matrix: two classes. */
export interface Cell {
  label: number;
  predicted: number;
}

/** What the user chose; kept over a reload. */
export interface FeaturesChoice {
  part: Part;
  list: ListName;
  /** What the list `cell` is about; null: there is no such list. */
  cell: Cell | null;
  /** Of the example, in its part. */
  index: number;
  /** Id of the section that is shown. */
  section: string;
}

export const FIRST_CHOICE: FeaturesChoice = {
  part: 'validation',
  list: 'all',
  cell: null,
  index: 0,
  section: 'maps',
};

/** Where in the training a checkpoint was made. */
export function checkpointText({ epoch, step }: CheckpointFile): string {
  return step === null ? `epoch ${epoch}` : `epoch ${epoch}, step ${step.toLocaleString('en-US')}`;
}
