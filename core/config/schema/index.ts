import * as z from 'zod';
import { RULE_IDS, RULES, type RuleId } from '../../events/rule-ids.ts';
import { refuseEnsemble } from '../ensembles.ts';
import { gradientClipSchema } from './clipping.ts';
import { dataSchema } from './data.ts';
import { ensembleSchema } from './ensemble.ts';
import { inspectSchema } from './inspect.ts';
import { lossSchema, needsClasses } from './loss.ts';
import { modelSchema } from './model.ts';
import { optimizerSchema } from './optimizer.ts';
import { regularizationSchema } from './regularization.ts';
import { scheduleSchema } from './schedule.ts';
import { sweepSchema } from './sweep.ts';
import { trainingSchema } from './training.ts';

/**
 * The only definition of the config language: types, validation, messages, JSON Schema, hovers,
 * completion and the table of keys come from it.
 */
export const configSchema = z
  .strictObject({
    data: dataSchema.meta({
      description: 'What to learn from.',
      expected: 'a map such as { source: digits.csv, label: digit }',
    }),
    model: modelSchema.meta({
      description: 'The network.',
      expected: 'a map with a list of layers',
    }),
    loss: lossSchema,
    optimizer: optimizerSchema,
    schedule: scheduleSchema,
    regularization: regularizationSchema,
    gradientClip: gradientClipSchema,
    training: trainingSchema,
    inspect: inspectSchema,
    sweep: sweepSchema,
    ensemble: ensembleSchema,
    mute: z
      .array(z.enum(RULE_IDS).meta({ enumDescriptions: RULE_IDS.map((id) => RULES[id].title) }))
      .default([])
      .meta({
        description: 'Ids of rules that stay silent for this config.',
        fallback: 'none',
        expected: 'a list of rule ids such as [overfitting]',
      }),
  })
  .superRefine(({ data, loss }, context) => {
    if (data.task === 'classification' || !loss || !needsClasses(loss)) return;
    context.addIssue({
      code: 'custom',
      path: ['loss'],
      message: `${loss.type} needs classes, but the task is regression: use meanSquaredError or huber.`,
    });
  })
  .superRefine(({ optimizer, training }, context) => {
    if (optimizer.type !== 'lbfgs' || training.batchSize === 'full') return;
    context.addIssue({
      code: 'custom',
      path: ['training', 'batchSize'],
      params: { rule: 'lbfgs-minibatch' satisfies RuleId },
      message: 'lbfgs needs the gradient of all examples: set training.batchSize: full.',
    });
  })
  .superRefine(({ loss }, context) => {
    if (loss?.type !== 'softmaxCrossEntropy' || !loss.distill) return;
    const key = loss.classWeights
      ? 'classWeights'
      : loss.labelSmoothing > 0
        ? 'labelSmoothing'
        : null;
    if (!key) return;
    context.addIssue({
      code: 'custom',
      path: ['loss', key],
      message: `${key} changes the labels, but distill learns from a teacher instead. Remove one of them.`,
    });
  })
  .superRefine((config, context) => {
    const refused = refuseEnsemble(config);
    if (!refused) return;
    const { message, path } = refused;
    context.addIssue({ code: 'custom', path: [...path], message });
  });

export type Config = z.output<typeof configSchema>;
