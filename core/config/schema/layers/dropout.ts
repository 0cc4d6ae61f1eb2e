import * as z from 'zod';
import { decay } from '../fields.ts';

export const dropout = z
  .strictObject({
    dropout: decay().meta({
      description:
        'In training drops this fraction of the values at random and scales up the others to make up for it; at test time does nothing. Against overfitting; as a first layer it drops inputs.',
      examples: [0.5, 0.2],
    }),
  })
  .transform(({ dropout }) => ({ kind: 'dropout' as const, rate: dropout }));
