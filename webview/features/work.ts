import { element, setText } from '../dom.ts';
import type { AskOptions } from './client.ts';

/** What takes longer shows how far it is. Milliseconds. */
const PATIENCE = 300;

class Ended extends Error {}

/** Work for a part of the view, one at a time: shows how far it is, can be cancelled, says why it failed. */
export class Work {
  readonly element = element('p', { class: 'work', role: 'status', hidden: '' });
  readonly #text = element('span');
  readonly #bar = element('progress', { max: '1' });
  readonly #cancel = element('button', { type: 'button', class: 'action', text: 'Cancel' });
  readonly #name: string;
  #current: AbortController | null = null;

  /** `name`: what is done, such as "Looking at all examples". */
  constructor(name: string) {
    this.#name = name;
    this.#cancel.addEventListener('click', () => {
      this.#current?.abort(new Ended());
      this.#current = null;
      this.#say('Cancelled.');
    });
    this.element.append(this.#bar, this.#text, this.#cancel);
  }

  /** Ends what was done before. Null where it was ended itself, or failed. */
  async run<T>(task: (options: AskOptions) => Promise<T>): Promise<T | null> {
    this.stop();
    const controller = new AbortController();
    this.#current = controller;
    const { signal } = controller;
    const patience = setTimeout(() => this.#progress(0), PATIENCE);
    let shown = false;
    const onProgress = (share: number) => {
      shown ||= !this.element.hidden;
      if (shown && this.#current === controller) this.#progress(share);
    };
    try {
      const found = await task({ signal, onProgress });
      if (this.#current !== controller) return null;
      this.#done();
      return found;
    } catch (error) {
      if (this.#current === controller) {
        this.#current = null;
        this.#say(error instanceof Error ? error.message : String(error));
      }
      return null;
    } finally {
      clearTimeout(patience);
    }
  }

  /** Ends it without a word. */
  stop(): void {
    this.#current?.abort(new Ended());
    this.#done();
  }

  #done(): void {
    this.#current = null;
    this.element.hidden = true;
  }

  #progress(share: number): void {
    this.element.hidden = this.#bar.hidden = this.#cancel.hidden = false;
    this.#bar.value = share;
    setText(this.#text, `${this.#name}: ${Math.floor(share * 100)} %`);
  }

  #say(text: string): void {
    this.element.hidden = false;
    this.#bar.hidden = this.#cancel.hidden = true;
    setText(this.#text, text);
  }
}
