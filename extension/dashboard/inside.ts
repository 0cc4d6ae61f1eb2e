import type {
  InspectionFeed,
  RunHistory,
  WantedWeights,
  WeightsFeed,
} from '../../core/runs/index.ts';
import type { Tab, ToView } from '../../webview/protocol.ts';
import { loadCore } from '../load-core.ts';

/** So many layers are before the user's eyes at first. */
const SEEN_FIRST = 8;

/** What is shown of the run in focus. */
interface Shown {
  run: string;
  history: RunHistory;
  layers: InspectionFeed;
  weights: WeightsFeed;
}

/** The host's side of the tabs that look inside a network: of the run in focus, and only while they show. */
export class Inside {
  readonly #post: (message: ToView) => void;
  readonly #failed: (run: string, problem: string) => void;
  #wanted: { tab: Tab; run: string; history: RunHistory } | null = null;
  #shown: Shown | null = null;
  #sending = false;

  /** `failed` is told in a sentence what could not be read. */
  constructor(post: (message: ToView) => void, failed: (run: string, problem: string) => void) {
    this.#post = post;
    this.#failed = failed;
  }

  /** The view has nothing any more. */
  reset(): void {
    this.#wanted = null;
    this.#shown = null;
  }

  /** Sends what the tab lacks of this run, reading it first where that has not been done. */
  update(tab: Tab, run: string, history: RunHistory): void {
    this.#wanted = { tab, run, history };
    if (history.isInsideRead) this.#send();
    else void this.read(run, history);
  }

  /** Reads what was measured inside a run, and sends it if it is wanted then. */
  async read(run: string, history: RunHistory): Promise<void> {
    try {
      await history.readInside();
      if (history.insideProblem) this.#failed(run, history.insideProblem);
      if (this.#wanted?.history === history) this.#send();
    } catch (error) {
      this.#failed(run, messageOf(error));
    }
  }

  #send(): void {
    if (!this.#wanted) return;
    const { tab, run, history } = this.#wanted;
    if (this.#shown?.history !== history) {
      const { InspectionFeed, WeightsFeed } = loadCore();
      const layers = new InspectionFeed(history);
      this.#shown = { run, history, layers, weights: new WeightsFeed(history) };
      // The view will ask for these once it has laid out its rows.
      const count = Math.min(SEEN_FIRST, history.started?.plan.layers.length ?? 0);
      if (tab === 'layers') layers.want(Array.from({ length: 2 * count }, (_, i) => 1 + i));
    }
    if (tab === 'layers' || tab === 'graph') void this.#sendLayers();
    if (tab === 'weights') {
      const overview = this.#shown.weights.news();
      if (overview) this.#post({ type: 'weights', run, overview, values: [] });
    }
  }

  /** The view shows these tensors. */
  wantPictures(run: string, tensors: readonly number[]): void {
    if (this.#shown?.run !== run) return;
    this.#shown.layers.want(tensors);
    void this.#sendLayers();
  }

  /** The view lacks these values. */
  wantWeights(run: string, wanted: readonly WantedWeights[]): void {
    if (this.#shown?.run !== run) return;
    const values = this.#shown.weights.values(wanted);
    this.#post({ type: 'weights', run, overview: null, values });
  }

  /** A few pictures at a time: what is in sight is drawn as it comes. */
  async #sendLayers(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let shown = this.#shown; shown; shown = this.#shown) {
        const { run, layers } = shown;
        const moments = layers.news();
        if (moments) this.#post({ type: 'inspection', run, moments, pictures: [] });
        const pictures = await layers.pictures();
        if (this.#shown !== shown) continue;
        if (pictures.length === 0) return;
        this.#post({ type: 'inspection', run, moments: null, pictures });
      }
    } catch (error) {
      if (this.#shown) this.#failed(this.#shown.run, messageOf(error));
    } finally {
      this.#sending = false;
    }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
