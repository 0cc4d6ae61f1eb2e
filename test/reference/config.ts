/** The config language as far as the reference knows it: design's names, without its defaults' meta. */

export interface Regularization {
  l1?: number;
  l2?: number;
  /** Largest norm of the weights into a unit. */
  maxNorm?: number;
  bias?: boolean;
}

export interface LinearOptions {
  bias?: boolean;
  regularization?: Regularization;
}

export interface ConvolutionOptions extends LinearOptions {
  channels: number;
  kernel?: number | [number, number];
  stride?: number;
  padding?: 'same' | 'valid' | number;
}

export type Window = number | { size: number; stride?: number };

export type LayerConfig =
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leakyRelu'
  | 'prelu'
  | 'elu'
  | 'selu'
  | 'gelu'
  | 'silu'
  | 'softplus'
  | 'exponential'
  | 'softmax'
  | 'batchNorm'
  | 'flatten'
  | 'globalAvgPool'
  | { dense: number | ({ units: number } & LinearOptions) }
  | { dropConnect: { units: number; rate: number } & LinearOptions }
  | { maxout: number | ({ units: number; pieces?: number } & LinearOptions) }
  | { conv2d: number | ConvolutionOptions }
  | { maxPool: Window }
  | { avgPool: Window }
  | { leakyRelu: { slope: number } }
  | { elu: { alpha: number } }
  | { batchNorm: { momentum?: number; epsilon?: number } }
  | { dropout: number }
  | { residual: LayerConfig[] };

export type LossName =
  | 'softmaxCrossEntropy'
  | 'binaryCrossEntropy'
  | 'hinge'
  | 'meanSquaredError'
  | 'huber';

export type LossConfig =
  | LossName
  | { type: LossName; labelSmoothing?: number; classWeights?: number[]; delta?: number };

export type OptimizerConfig = { learningRate: number } & (
  | { type: 'sgd'; momentum?: number; nesterov?: boolean }
  | { type: 'adagrad'; epsilon?: number }
  | { type: 'rmsprop'; rho?: number; epsilon?: number }
  | { type: 'adam'; beta1?: number; beta2?: number; epsilon?: number }
  | { type: 'adamW'; beta1?: number; beta2?: number; epsilon?: number; weightDecay?: number }
  | { type: 'lbfgs'; memory?: number }
);

export type ScheduleConfig = { warmup?: number } & (
  | { type: 'step'; every: number; factor: number }
  | { type: 'exponential'; rate: number }
  | { type: 'inverse'; rate: number }
  | { type: 'cosine' }
  | { type: 'cosineRestarts'; period: number; multiply?: number }
  | { type: 'oneCycle' }
);

export type ClipConfig = { value: number } | { norm: number };

export interface ReferenceConfig {
  model: { layers: LayerConfig[] };
  loss: LossConfig;
  optimizer: OptimizerConfig;
  schedule?: ScheduleConfig;
  regularization?: Regularization;
  gradientClip?: ClipConfig;
  training: { epochs?: number; batchSize: number | 'full' };
}
