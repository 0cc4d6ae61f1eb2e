import * as z from 'zod';
import { positive } from '../fields.ts';

const LEAKY_SLOPE = 0.01;
const ELU_ALPHA = 1;

/** Layers written as their name alone, with everything at its default, and what they mean. */
export const ACTIVATION_MEANINGS = {
  sigmoid: '1 / (1 + e⁻ˣ): outputs in 0..1; saturates on both sides.',
  tanh: 'Hyperbolic tangent: outputs in −1..1, centered on 0; saturates on both sides.',
  relu: 'max(0, x): cheap and does not saturate for x > 0; units can die.',
  leakyRelu: 'x for x > 0, else slope · x (slope 0.01): units do not die.',
  elu: 'x for x > 0, else α (eˣ − 1) (α 1): smooth, mean nearer to 0.',
};

type Activation =
  | { kind: 'sigmoid' }
  | { kind: 'tanh' }
  | { kind: 'relu' }
  | { kind: 'leakyRelu'; slope: number }
  | { kind: 'elu'; alpha: number };

/** The layer that a name alone stands for. */
export function activationOf(kind: keyof typeof ACTIVATION_MEANINGS): Activation {
  if (kind === 'leakyRelu') return { kind, slope: LEAKY_SLOPE };
  if (kind === 'elu') return { kind, alpha: ELU_ALPHA };
  return { kind };
}

export const leakyRelu = z
  .strictObject({
    leakyRelu: z
      .strictObject({
        slope: z
          .number()
          .min(0)
          .lt(1)
          .default(LEAKY_SLOPE)
          .meta({
            description: 'Slope for x ≤ 0.',
            examples: [0.01],
          }),
      })
      .meta({
        description: 'x for x > 0, else slope · x: units do not die.',
        expected: 'a map such as { slope: 0.01 }',
      }),
  })
  .transform(({ leakyRelu }) => ({ kind: 'leakyRelu' as const, slope: leakyRelu.slope }));

export const elu = z
  .strictObject({
    elu: z
      .strictObject({
        alpha: positive()
          .default(ELU_ALPHA)
          .meta({
            description: 'The output comes down to −α for very negative x.',
            examples: [1],
          }),
      })
      .meta({
        description: 'x for x > 0, else α (eˣ − 1): smooth, mean nearer to 0.',
        expected: 'a map such as { alpha: 1 }',
      }),
  })
  .transform(({ elu }) => ({ kind: 'elu' as const, alpha: elu.alpha }));
