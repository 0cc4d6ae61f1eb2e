import { unboxNumbers } from '../../core/inspection/explorer/numbers.ts';
import type { Answers, FromView, Query, ToView } from '../protocol.ts';

export interface AskOptions {
  /** Ends the question: it rejects with the signal's reason. */
  signal: AbortSignal;
  /** Hears which share of the work is done. */
  onProgress?: (share: number) => void;
}

/** Asks the network of the run in focus. Rejects with Error for what cannot be asked, and why. */
export type Ask = <Q extends Query>(query: Q, options: AskOptions) => Promise<Answers[Q['type']]>;

interface Question {
  onProgress: AskOptions['onProgress'];
  resolve(answer: unknown): void;
  reject(reason: unknown): void;
}

/** The view's side of the questions to a network. */
export class ExplorerClient {
  /** The network that is asked; 0: none. */
  session = 0;
  readonly #send: (message: FromView) => void;
  readonly #open = new Map<number, Question>();
  #asked = 0;

  constructor(send: (message: FromView) => void) {
    this.#send = send;
  }

  readonly ask: Ask = (query, { signal, onProgress }) => {
    if (signal.aborted) return Promise.reject(signal.reason);
    const id = ++this.#asked;
    type Answer = Answers[(typeof query)['type']];
    const answer = new Promise<Answer>((resolve, reject) => {
      // The host answers what was asked.
      this.#open.set(id, { onProgress, resolve: (found) => resolve(found as Answer), reject });
    });
    const leave = () => {
      this.#open.get(id)?.reject(signal.reason);
      this.#open.delete(id);
      this.#send({ type: 'cancel', id });
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#send({ type: 'ask', session: this.session, id, query });
    return answer.finally(() => signal.removeEventListener('abort', leave));
  };

  receive(message: Extract<ToView, { type: 'exploring' | 'explored' }>): void {
    const question = this.#open.get(message.id);
    if (!question) return;
    if (message.type === 'exploring') {
      question.onProgress?.(message.share);
      return;
    }
    this.#open.delete(message.id);
    if (message.ok) question.resolve(unboxNumbers(message.answer));
    else question.reject(new Error(message.message));
  }
}
