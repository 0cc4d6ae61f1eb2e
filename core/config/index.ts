export type { Severity } from '../events/finding.ts';
export { type Completion, completionsAt } from './complete.ts';
export { describeKeys, type KeyDescription } from './describe.ts';
export { applyEdits } from './edit/apply.ts';
export { replaceAll, type TextReplacement } from './edit/replacements.ts';
export {
  ensembleSize,
  memberEpochs,
  refuseCombination,
  refuseMethod,
} from './ensembles.ts';
export { type Hover, hoverAt } from './hover.ts';
export { configJsonSchema } from './json-schema.ts';
export { overrideEdit } from './override.ts';
export { type ParsedConfig, type Problem, parseConfig } from './parse.ts';
export { parsePath } from './paths.ts';
export type { Augmentation } from './schema/augment.ts';
export { type GeneratorSource, isGeneratorSource } from './schema/data.ts';
export {
  type Combination,
  ENSEMBLE_METHODS,
  type EnsembleMethod,
} from './schema/ensemble.ts';
export { type Config, configSchema } from './schema/index.ts';
export { defaultLoss, type LossConfig, type LossName } from './schema/loss.ts';
export type { ParameterRange, SweepConfig } from './schema/sweep.ts';
export type { Position, Range } from './source/lines.ts';
export { briefly, shapeOfKey, takesWholeNumbers, textOfTrial } from './swept.ts';
