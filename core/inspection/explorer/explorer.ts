import type { Dataset } from '../../data/dataset.ts';
import { UserError } from '../../events/user-error.ts';
import { receptiveField } from '../../network/receptive-field.ts';
import type { LayerShape } from '../../network/shapes.ts';
import { backpropagation } from './backpropagation.ts';
import { classImage } from './class-image.ts';
import { embedding } from './embedding.ts';
import { example, featureMaps, images } from './example.ts';
import { ExampleBook } from './examples.ts';
import type { Exploration, Report } from './exploration.ts';
import { fool } from './fool.ts';
import { Model } from './model.ts';
import { patches } from './patches.ts';
import type { ExplorationPlan } from './plan.ts';
import { predictions } from './predictions.ts';
import type {
  Answers,
  ExplorerFacts,
  ExplorerLayer,
  Queries,
  QueryOf,
  QueryType,
} from './protocol.ts';
import { Reading } from './reading.ts';
import { refusals } from './refusals.ts';
import { saliency } from './saliency.ts';
import { unit } from './unit.ts';

const ANSWERS: {
  [T in QueryType]: (exploration: Exploration, query: Queries[T], report: Report) => Answers[T];
} = {
  predictions,
  example,
  featureMaps,
  images,
  saliency,
  fool,
  classImage,
  unit,
  backpropagation,
  patches,
  embedding,
};

/** Answers questions about a trained network and its data. Nothing of what it answers depends on the order. */
export class Explorer {
  readonly facts: ExplorerFacts;
  readonly model: Model;
  readonly #exploration: Exploration;

  /**
   * Reserves the arena; parameters are to be placed in it. `turned` is what rotateInputs makes of the data
   * set. `poll` is called between pieces of work of some milliseconds, and may throw to end it.
   */
  constructor(plan: ExplorationPlan, dataset: Dataset, turned: Dataset, poll: () => void) {
    this.model = new Model(plan, poll);
    const book = new ExampleBook(dataset, turned);
    const reading = new Reading(plan.shapes, plan.loss, plan.outputs, dataset);
    this.#exploration = { model: this.model, book, reading, poll };
    this.facts = {
      task: dataset.task,
      classes: dataset.classes,
      outputs: dataset.outputs,
      inputShape: dataset.shape,
      range: book.range,
      examples: { train: book.count('train'), validation: book.count('validation') },
      layers: plan.shapes.map((_, layer) => layerFacts(plan.shapes, layer)),
      probabilities: reading.probabilities,
      refused: refusals(book, plan.shapes),
    };
  }

  /** Throws UserError for what cannot be asked, and what `poll` throws. */
  answer<T extends QueryType>(query: QueryOf<T>, report: Report = () => {}): Answers[T] {
    const refusal = this.facts.refused[query.type];
    if (refusal !== undefined) throw new UserError(refusal);
    return ANSWERS[query.type](this.#exploration, query, report);
  }
}

function layerFacts(shapes: readonly LayerShape[], layer: number): ExplorerLayer {
  const { path, label, layer: config, outputShape } = shapes[layer];
  const isImage = shapes[0].inputShape.length === 3;
  return {
    path,
    label,
    kind: config.kind,
    outputShape,
    field: isImage ? fieldInTheMiddle(shapes, layer) : null,
  };
}

function fieldInTheMiddle(shapes: readonly LayerShape[], layer: number): ExplorerLayer['field'] {
  const [height, width = 1, channels = 1] = shapes[layer].outputShape;
  const isImage = shapes[layer].outputShape.length === 3;
  const middle = isImage ? (height >> 1) * width + (width >> 1) : 0;
  const box = receptiveField(shapes, layer, middle * channels);
  return { height: box.height, width: box.width };
}
