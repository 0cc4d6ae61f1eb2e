import type { InspectionFeed, RunHistory } from '../../core/runs/index.ts';
import type { ToView } from '../../webview/protocol.ts';
import { loadCore } from '../load-core.ts';

/** The host's side of the tabs that look inside a network: of the run in focus, and only while they show. */
export class Inside {
  readonly #post: (message: ToView) => void;
  #shown: { run: string; history: RunHistory; feed: InspectionFeed } | null = null;

  constructor(post: (message: ToView) => void) {
    this.#post = post;
  }

  /** The view has nothing any more. */
  reset(): void {
    this.#shown = null;
  }

  /** Sends what the view lacks of this run. */
  update(run: string, history: RunHistory): void {
    if (this.#shown?.history !== history)
      this.#shown = { run, history, feed: new (loadCore().InspectionFeed)(history) };
    const news = this.#shown.feed.news();
    if (news) this.#post({ type: 'inspection', run, ...news });
  }

  /** The view shows these tensors. */
  want(run: string, tensors: readonly number[]): void {
    if (this.#shown?.run !== run) return;
    this.#shown.feed.want(tensors);
    this.update(run, this.#shown.history);
  }
}
