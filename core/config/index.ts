export type { Severity } from '../events/finding.ts';
export { applyEdits } from './edit/apply.ts';
export { replaceAll, type TextReplacement } from './edit/replacements.ts';
export { configJsonSchema } from './json-schema.ts';
export { type ParsedConfig, type Problem, parseConfig } from './parse.ts';
export { type GeneratorSource, isGeneratorSource } from './schema/data.ts';
export { type Config, configSchema } from './schema/index.ts';
export { defaultLoss, type LossName } from './schema/loss.ts';
export type { Position, Range } from './source/lines.ts';
