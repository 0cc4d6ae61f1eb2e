export { gemm, gemmScratchBytes } from './gemm';
export { packLeft, packRight, multiply, sumBlocks } from './product';
export {
  sigmoidForward,
  sigmoidBackward,
  tanhForward,
  tanhBackward,
  reluForward,
  reluBackward,
  leakyReluForward,
  leakyReluBackward,
  eluForward,
  eluBackward,
} from './activations';
export {
  geluForward,
  geluBackward,
  siluForward,
  siluBackward,
  softplusForward,
  softplusBackward,
  exponentialForward,
  exponentialBackward,
} from './smooth';
export { softmaxForward, softmaxBackward } from './softmax';
export { maxoutForward, maxoutBackward } from './maxout';
export { preluForward, preluBackward, preluSums, sumParts } from './channels';
export {
  batchMoments,
  combineMoments,
  inverseDeviation,
  normalize,
  normalizeSums,
  combineGradients,
  normalizeBackward,
} from './normalization';
export { dropoutForward, dropoutBackward } from './random';
export { add, copy } from './elements';
export { sumRows } from './dense';
export {
  softmaxCrossEntropy,
  weightedCrossEntropy,
  distillation,
  huber,
  binaryCrossEntropy,
  hinge,
  oneHot,
  countRight,
  addSquaredErrors,
} from './losses';
export { sgd, rootScaled, adam } from './optimizers';
export {
  lbfgsMeasure,
  lbfgsBegin,
  lbfgsKeep,
  lbfgsTurn,
  lbfgsFactor,
  lbfgsStep,
} from './lbfgs';
export { sumSquares, scaleToNorm, limitColumns } from './limits';
export { gatherBytes, gatherFloats, gatherRawBytes, gatherWords, preprocess } from './batches';
export { shiftImage, flipImage, rotateImage, jitterColors, cutOut, addNoise } from './augment';
export { average } from './averages';
export { convolve, convolutionGradient, packRotated, sumTerms } from './convolution';
export { maxPoolForward, maxPoolBackward, avgPoolForward, avgPoolBackward } from './pooling';
export {
  symmetricProduct,
  rankTwoUpdate,
  reflectRows,
  rotateRows,
  addWidened,
} from './eigen';
export { neighbourForces } from './neighbours';
export { winograd, winogradGradient, winogradKernel, winogradWeights } from './winograd';
export {
  measure,
  measureSaturation,
  measurementBytes,
  measureScratchBytes,
  countActive,
} from './measure';
