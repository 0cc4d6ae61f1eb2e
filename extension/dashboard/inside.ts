import type {
  InspectionFeed,
  RunHistory,
  WantedWeights,
  WeightsFeed,
} from '../../core/runs/index.ts';
import type { Tab, ToView } from '../../webview/protocol.ts';
import { loadCore } from '../load-core.ts';

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
  #shown: Shown | null = null;

  constructor(post: (message: ToView) => void) {
    this.#post = post;
  }

  /** The view has nothing any more. */
  reset(): void {
    this.#shown = null;
  }

  /** Sends what the tab lacks of this run. */
  update(tab: Tab, run: string, history: RunHistory): void {
    if (this.#shown?.history !== history) {
      const { InspectionFeed, WeightsFeed } = loadCore();
      const layers = new InspectionFeed(history);
      this.#shown = { run, history, layers, weights: new WeightsFeed(history) };
    }
    if (tab === 'layers' || tab === 'graph') this.#sendLayers(this.#shown);
    if (tab === 'weights') {
      const overview = this.#shown.weights.news();
      if (overview) this.#post({ type: 'weights', run, overview, values: [] });
    }
  }

  /** The view shows these tensors. */
  wantPictures(run: string, tensors: readonly number[]): void {
    if (this.#shown?.run !== run) return;
    this.#shown.layers.want(tensors);
    this.#sendLayers(this.#shown);
  }

  /** The view lacks these values. */
  wantWeights(run: string, wanted: readonly WantedWeights[]): void {
    if (this.#shown?.run !== run) return;
    const values = this.#shown.weights.values(wanted);
    this.#post({ type: 'weights', run, overview: null, values });
  }

  #sendLayers({ run, layers }: Shown): void {
    const news = layers.news();
    if (news) this.#post({ type: 'inspection', run, ...news });
  }
}
