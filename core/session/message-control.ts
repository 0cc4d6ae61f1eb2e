import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Control, PendingCommand } from './control.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/**
 * Commands that come as messages, seen without the event loop's help: the bell in shared memory is
 * looked at between ops, and only when it has rung is the port read.
 */
export class MessageControl implements Control {
  readonly #port: MessagePort;
  readonly #bell: Int32Array<SharedArrayBuffer>;
  readonly #receive: (message: ToWorker) => void;
  readonly #pending: PendingCommand[] = [];
  #heard = 0;

  /** `receive` gets every message that is read here; it calls `add` for commands. */
  constructor(
    port: MessagePort,
    bell: Int32Array<SharedArrayBuffer>,
    receive: (message: ToWorker) => void,
  ) {
    this.#port = port;
    this.#bell = bell;
    this.#receive = receive;
  }

  add({ id, command }: Extract<ToWorker, { type: 'command' }>): void {
    const answer = (error: string | null) =>
      this.#port.postMessage({ type: 'answer', id, error } satisfies FromWorker);
    this.#pending.push({ command, answer });
  }

  take(): PendingCommand | null {
    const rung = Atomics.load(this.#bell, 0);
    if (rung !== this.#heard) {
      this.#heard = rung;
      for (let next = receiveMessageOnPort(this.#port); next; ) {
        this.#receive(next.message as ToWorker);
        next = receiveMessageOnPort(this.#port);
      }
    }
    return this.#pending.shift() ?? null;
  }

  wait(milliseconds: number): void {
    Atomics.wait(this.#bell, 0, this.#heard, milliseconds);
  }
}
