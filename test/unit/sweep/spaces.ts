import { parseConfig } from '../../../core/config/index.ts';
import type { ParameterValues, TrialEvent } from '../../../core/events/sweep-event.ts';
import { type Dimension, spaceOf } from '../../../core/sweep/space.ts';

/** The space of these ranges, over a config with a few layers. */
export function spaceFrom(parameters: string): Dimension[] {
  const { config, problems, valueAt } = parseConfig(
    `data: { source: spiral }
model: { layers: [dense: 100, relu, dropout: 0.3, dense: 3] }
optimizer: { type: sgd, momentum: 0.9 }
sweep: { parameters: ${parameters} }
`,
    'a.train.yaml',
  );
  if (!config?.sweep) throw new Error(problems[0]?.message);
  return spaceOf(config.sweep, valueAt([]));
}

/** A trial that has ended with this accuracy; NaN: it exploded. */
export function trialOf(
  number: number,
  parameters: ParameterValues,
  accuracy: number,
  more: Partial<TrialEvent> = {},
): TrialEvent {
  const exploded = Number.isNaN(accuracy);
  const quality = { loss: 1 - accuracy, accuracy, rmse: null, r2: null };
  return {
    type: 'trial',
    number,
    stage: 1,
    parameters,
    seed: 1,
    state: exploded ? 'stopped' : 'completed',
    epochs: 1,
    train: exploded ? null : { ...quality, dataLoss: 1 - accuracy },
    validation: exploded ? null : quality,
    run: `runs/${number}`,
    ...more,
  };
}
