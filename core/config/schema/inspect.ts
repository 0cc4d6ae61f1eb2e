import * as z from 'zod';
import { count, words } from './fields.ts';

const cadence = z
  .strictObject({
    everyEpochs: count()
      .optional()
      .meta({
        description:
          'Measures after so many epochs, before the first step and at a few steps of the first epoch, always on the same examples: what changes is the network.',
        unit: 'epochs',
        fallback: 'every epoch',
        examples: [1, 5],
      }),
    everySteps: count()
      .optional()
      .meta({
        description:
          'Measures after so many steps, on the very batch that the step was trained with. Every step costs about a quarter more time, and much room on disk.',
        unit: 'steps',
        fallback: 'not by steps',
        examples: [1, 100],
      }),
  })
  .refine(
    ({ everyEpochs, everySteps }) => (everyEpochs === undefined) !== (everySteps === undefined),
    { message: 'inspect needs either everyEpochs or everySteps, for example { everyEpochs: 1 }.' },
  );

/** How often it is measured what is inside the network. */
export const inspectSchema = z
  .union([words({ none: 'Nothing inside the network is measured.' }), cadence])
  .prefault({ everyEpochs: 1 })
  .meta({
    description:
      'How often activations, gradients, weights and updates are measured, for the views of layers and weights. The training is the same to the last bit, however often.',
    fallback: 'every epoch',
    expected: 'a map such as { everyEpochs: 1 } or { everySteps: 100 }, or none',
  });
