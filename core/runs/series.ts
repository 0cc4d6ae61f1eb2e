import type { TrainMetrics, ValidationMetrics } from '../events/run-event.ts';
import type { SeriesDelta, XAxis } from '../events/series.ts';
import { Curve, emptied } from './curve.ts';
import { MAX_BUCKETS } from './decimate.ts';
import type { RunHistory } from './history.ts';
import { stepWeight } from './smooth.ts';
import { epochSource, ratioSource, smoothSource, stepSource } from './sources.ts';

export interface SeriesView {
  xAxis: XAxis;
  /** 0 (off) … 0.99: the weight of what came before, for each drawn point of the batch loss. */
  smoothing: number;
}

/**
 * All ratios of a run are drawn from no more buckets than this, but each from at least MIN_BUCKETS: a hundred
 * curves in one graph leave no room for detail, and take their time to be drawn.
 */
const RATIO_BUCKETS = 8 * MAX_BUCKETS;
const MIN_BUCKETS = 64;

const NO_SMOOTH_LOSS = emptied('smoothLoss', 'smoothed');

/**
 * The curves of one run for one client: `deltas()` gives what changed since its last call; whole
 * curves at first, after `reset()`, and where a change of the view needs it. Losses are data losses.
 * Points that are not finite are among the points.
 */
export class SeriesFeed {
  readonly history: RunHistory;
  #view: SeriesView;
  #batchLoss: Curve;
  #curves: Curve[];
  #ratioCurves: Curve[] = [];
  #smoothLoss: { curve: Curve; width: number } | null = null;
  /** The client has a smoothed curve that it must forget. */
  #smoothLossGone = false;
  #resumptions: number;

  constructor(history: RunHistory, view: SeriesView) {
    this.history = history;
    this.#view = view;
    this.#resumptions = history.resumptions;
    [this.#batchLoss, ...this.#curves] = stepAndEpochCurves(history);
  }

  setView(view: SeriesView): void {
    const { xAxis, smoothing } = this.#view;
    this.#view = view;
    if (view.smoothing !== smoothing && this.#smoothLoss) {
      this.#smoothLoss = null;
      this.#smoothLossGone = true;
    }
    if (view.xAxis !== xAxis) this.#restart();
  }

  /** The client has no curve of this run any more. */
  reset(): void {
    this.#restart();
    this.#smoothLossGone = false;
  }

  /** Takes in what is new, so that there is less to do when the client asks. */
  advance(): void {
    if (this.#resumptions !== this.history.resumptions) return;
    this.#makeRatioCurves();
    for (const curve of [this.#batchLoss, ...this.#curves, ...this.#ratioCurves]) curve.advance();
  }

  /** The curves that changed. */
  deltas(): SeriesDelta[] {
    if (this.#resumptions !== this.history.resumptions) return this.#again();
    this.#makeRatioCurves();
    const { xAxis } = this.#view;
    // First, since the smoothed one's weight follows its width.
    const batch = this.#batchLoss.delta(xAxis);
    const smooth = this.#smooth()?.delta(xAxis) ?? (this.#smoothLossGone ? NO_SMOOTH_LOSS : null);
    this.#smoothLossGone = false;
    const others = [...this.#curves, ...this.#ratioCurves].map((curve) => curve.delta(xAxis));
    return [batch, smooth, ...others].filter((delta) => delta !== null);
  }

  #makeRatioCurves(): void {
    if (this.#ratioCurves.length > 0) return;
    const { parameters } = this.history;
    const share = Math.floor(RATIO_BUCKETS / Math.max(1, parameters.length));
    const buckets = Math.max(MIN_BUCKETS, Math.min(MAX_BUCKETS, share));
    this.#ratioCurves = parameters.map(
      ({ id, label }, p) => new Curve(`ratio:${id}`, label, ratioSource(this.history, p), buckets),
    );
  }

  /** A resumed run: of what was drawn a part may be gone, so every curve is made anew. */
  #again(): SeriesDelta[] {
    const before = [this.#batchLoss, ...this.#curves, ...this.#ratioCurves];
    this.#resumptions = this.history.resumptions;
    [this.#batchLoss, ...this.#curves] = stepAndEpochCurves(this.history);
    this.#ratioCurves = [];
    if (this.#smoothLoss) this.#smoothLossGone = true;
    this.#smoothLoss = null;
    const deltas = this.deltas();
    const made = new Set(deltas.map(({ id }) => id));
    return [...before.filter(({ id }) => !made.has(id)).map((curve) => curve.nothing()), ...deltas];
  }

  /** The smoothed curve, made anew when a drawn point has come to stand for more steps. */
  #smooth(): Curve | null {
    const { smoothing } = this.#view;
    const { width } = this.#batchLoss;
    if (smoothing <= 0) return null;
    if (this.#smoothLoss?.width !== width) {
      const source = smoothSource(this.history, stepWeight(smoothing, width));
      this.#smoothLoss = { curve: new Curve('smoothLoss', 'smoothed', source), width };
    }
    return this.#smoothLoss.curve;
  }

  #restart(): void {
    for (const curve of [this.#batchLoss, ...this.#curves, ...this.#ratioCurves]) curve.reset();
    this.#smoothLoss?.curve.reset();
  }
}

/** The batch loss first. */
function stepAndEpochCurves(history: RunHistory): [Curve, ...Curve[]] {
  const epochs = (id: string, label: string, metric: Parameters<typeof epochSource>[1]) =>
    new Curve(id, label, epochSource(history, metric));
  const steps = (id: string, label: string, column: () => Float64Array) =>
    new Curve(id, label, stepSource(history, column));
  return [
    steps('batchLoss', 'batch', () => history.dataLoss),
    epochs('trainLoss', 'train', ({ train }) => train.dataLoss),
    epochs('validationLoss', 'validation', ({ validation }) => validation?.loss),
    epochs('trainQuality', 'train', ({ train }) => quality(train)),
    epochs('validationQuality', 'validation', ({ validation }) => quality(validation)),
    steps('learningRate', 'learning rate', () => history.learningRate),
  ];
}

/** Accuracy, or R² for regression. */
function quality(metrics: TrainMetrics | ValidationMetrics | null): number | null {
  return metrics ? (metrics.accuracy ?? metrics.r2) : null;
}
