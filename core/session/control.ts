import type { RunCommand } from './protocol.ts';

/** A command that waits to be carried out. */
export interface PendingCommand {
  command: RunCommand;
  /** Says that it was carried out (null) or why not. */
  answer(error: string | null): void;
}

/** Where a session's commands come from: in a worker thread the messages of the main thread. */
export interface Control {
  /** The next command, if there is one. Called between any two ops: it must be cheap. */
  take(): PendingCommand | null;
  /** Blocks until a command may have come, at most this long; the session is paused. */
  wait(milliseconds: number): void;
}
