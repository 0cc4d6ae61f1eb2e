export { type GeneratorSource, isGeneratorSource } from './schema/data.ts';
export { type Config, configSchema } from './schema/index.ts';
export { defaultLoss, type LossName } from './schema/loss.ts';
