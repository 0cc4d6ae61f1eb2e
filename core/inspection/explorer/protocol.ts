import type { ConfigPath } from '../../events/finding.ts';
import type { Task } from '../../events/run-event.ts';
import type { Box } from '../../network/box.ts';
import type { Rectification } from '../../network/rectification.ts';

/**
 * What can be asked of a trained network and its data, and the answers: plain data, types only. Images and
 * their gradients are [height × width × channels], in the unit in which the data were read; examples of
 * other data are rows [features], likewise.
 */

export type Part = 'train' | 'validation';

/** An example: its place in a part of the data, in the order of the file. */
export interface ExampleId {
  part: Part;
  index: number;
}

/** What is known before anything is asked. */
export interface ExplorerFacts {
  task: Task;
  /** Null for regression. */
  classes: string[] | null;
  /** Number of classes, or of target values. */
  outputs: number;
  inputShape: number[];
  /** The smallest and the largest value that inputs have, or can have: 0 and 255 for bytes. */
  range: { low: number; high: number };
  examples: { [P in Part]: number };
  layers: ExplorerLayer[];
  /** What the probabilities of an example are: of classes that exclude each other, each on its own, or none. */
  probabilities: 'softmax' | 'sigmoid' | 'none';
  /** What cannot be asked, and why: a sentence. */
  refused: { [T in Refusable]?: string };
}

export interface ExplorerLayer {
  path: ConfigPath;
  label: string;
  kind: string;
  outputShape: number[];
  /** What a unit in the middle sees of the input image; null where inputs are no images. */
  field: { height: number; width: number } | null;
}

/** What each question needs. Of a layer that puts out an image, a `unit` is a channel; else one value. */
export interface Queries {
  predictions: { part: Part };
  example: { example: ExampleId };
  featureMaps: { example: ExampleId; layers: number[] };
  images: { part: Part; indices: number[] };
  saliency: {
    example: ExampleId;
    /** A class, or a target value; null: the class that is predicted, or the first value. */
    output: number | null;
    /**
     * SmoothGrad: the mean over so many copies with Gaussian noise, whose standard deviation is this share
     * of the range of the image (0.1 to 0.2 is usual). Null: of the image as it is.
     */
    smooth: { samples: number; noise: number } | null;
  };
  fool: {
    example: ExampleId;
    /** The most that a value may change; `smallest`: as little as is enough. */
    epsilon: number | 'smallest';
    /** 1: one step (FGSM). More: small steps, each with a gradient of its own. */
    steps: number;
    /** The class to be predicted; null: any other. */
    target: number | null;
  };
  /** Good are 100 steps of rate 0.02 with l2 0.02, blur 0.5 and jitter 1. */
  classImage: {
    output: number;
    steps: number;
    /** How far a step goes: the mean change of a value, as a share of the range. */
    rate: number;
    /** The share of the way back to the mean image that each step begins with. */
    l2: number;
    /** Standard deviation of the Gaussian by which it is blurred every few steps, in pixels; 0: never. */
    blur: number;
    /** Each step sees the image shifted by up to so many pixels. */
    jitter: number;
    seed: number;
  };
  unit: { example: ExampleId; layer: number; unit: number; rule: Rectification };
  backpropagation: { example: ExampleId };
  patches: { part: Part; layer: number; unit: number; count: number };
  embedding: {
    part: Part;
    layer: number;
    method: 'pca' | 'tsne';
    /** At most; which of them is drawn by chance, always alike. */
    examples: number;
  };
}

export type QueryType = keyof Queries;
/** A confusion matrix is a part of some predictions. */
export type Refusable = QueryType | 'confusion';
export type QueryOf<T extends QueryType> = { [K in T]: { type: K } & Queries[K] }[T];
export type Query = QueryOf<QueryType>;

/** The answer to each type of query. */
export interface Answers {
  predictions: ClassPredictions | ValuePredictions;
  example: ExampleAnswer;
  featureMaps: FeatureMap[];
  images: ImagesAnswer;
  saliency: SaliencyAnswer;
  fool: FoolAnswer;
  classImage: ClassImageAnswer;
  unit: UnitAnswer;
  backpropagation: BackpropagationAnswer;
  patches: Patch[];
  embedding: EmbeddingAnswer;
}

/** Columns have a row an example, in the order of the part. */
export interface ClassPredictions {
  task: 'classification';
  labels: Int32Array;
  /** −1 where the network gives NaN. */
  predicted: Int32Array;
  /** Probability of the predicted class; where there are none, its output. */
  confidence: Float32Array;
  loss: Float32Array;
  /** [examples × classes]: probabilities; where there are none, the outputs. */
  outputs: Float32Array;
  /** [classes × classes]: how many of the class of the row were predicted to be of the column's. */
  confusion: Uint32Array;
  /** Examples that belong to no cell of it: those of −1. */
  unclassified: number;
  accuracy: number;
  /** Indices of examples, the most confident first. */
  right: Uint32Array;
  wrong: Uint32Array;
}

export interface ValuePredictions {
  task: 'regression';
  /** [examples × values], in the unit of the data, as are the outputs. */
  targets: Float32Array;
  outputs: Float32Array;
  loss: Float32Array;
  /** Indices of examples, the largest loss first. */
  worst: Uint32Array;
}

/** What the network says of one input. */
export interface Verdict {
  /** Of the last layer, as it is; for regression in the unit of the data. */
  outputs: Float32Array;
  /** [classes]; null where the outputs are none. */
  probabilities: Float32Array | null;
  /** Null for regression, −1 where the network gives NaN. */
  predicted: number | null;
}

export interface ExampleAnswer extends Verdict {
  input: Float32Array;
  /** Null for regression. */
  label: number | null;
  /** Null for classification. */
  targets: Float32Array | null;
  loss: number;
}

export interface FeatureMap {
  layer: number;
  shape: number[];
  values: Float32Array;
}

export interface ImagesAnswer {
  /** [images × values of one]; bytes where the data are bytes. */
  values: Float32Array | Uint8Array;
  /** −1 for regression. */
  labels: Int32Array;
}

export interface SaliencyAnswer {
  output: number;
  /** Before softmax or sigmoid. */
  score: number;
  /** ∂ score / ∂ input. */
  gradient: Float32Array;
  /** The largest |gradient| over the channels, [height × width]; of a row |gradient|. */
  map: Float32Array;
}

export interface FoolAnswer extends Verdict {
  /** Null: not even the whole range was enough; the rest of the answer is then about that. */
  epsilon: number | null;
  fooled: boolean;
  /** The changed image, and what was added. */
  input: Float32Array;
  difference: Float32Array;
  before: Verdict;
}

export interface ClassImageAnswer extends Verdict {
  input: Float32Array;
  /** The score before softmax or sigmoid, at the start and after each step. */
  scores: Float32Array;
}

/** Where a unit was most active in an example. */
export interface Excitation {
  value: number;
  /** Row and column of the layer's image; null for a unit without a place. */
  place: { row: number; column: number } | null;
  /** What the unit sees there. */
  box: Box;
}

export interface UnitAnswer extends Excitation {
  /** ∂ value / ∂ input, by the rule. */
  gradient: Float32Array;
}

/** What the values of a layer are made of. */
export interface Wiring {
  /** All values below, or the one at the same place. */
  sees: 'all' | 'own';
  /** The end of a residual block also adds the output of this layer, −1 the input; else null. */
  around: number | null;
}

export interface BackpropagationAnswer {
  loss: number;
  lossType: string;
  /** As the network takes it: preprocessed. */
  input: Float32Array;
  /** ∂ loss / ∂ input. */
  inputGradient: Float32Array;
  layers: LayerPass[];
}

/** One layer in a pass of one example. */
export interface LayerPass extends Wiring {
  values: Float32Array;
  /** ∂ loss / ∂ value. */
  gradient: Float32Array;
  /** ∂ value / ∂ value of the layer below, [values × values below]. */
  jacobian: Float32Array;
  /** What is added to each value; null where there are none. */
  biases: Float32Array | null;
}

export interface Patch extends Excitation {
  /** In the part. */
  index: number;
  /** What the unit saw, [box.height × box.width × channels]. */
  pixels: Float32Array;
}

export interface EmbeddingAnswer {
  /** [examples × 2] */
  points: Float32Array;
  /** Which examples of the part, and what they are: −1 for regression. */
  indices: Uint32Array;
  labels: Int32Array;
  /** pca: shares of the variance along the two axes. */
  explained: [number, number] | null;
  /** tsne: the Kullback-Leibler divergence that is left, and about how many neighbours a point has. */
  divergence: number | null;
  perplexity: number | null;
}
