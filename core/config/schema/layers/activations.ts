import * as z from 'zod';
import { positive } from '../fields.ts';

const LEAKY_SLOPE = 0.01;
const ELU_ALPHA = 1;
const PRELU_START = 0.25;

/** Activations written as their name alone, with everything at its default, and what they mean. */
export const ACTIVATION_MEANINGS = {
  sigmoid: '1 / (1 + e⁻ˣ): outputs in 0..1; saturates on both sides.',
  tanh: 'Hyperbolic tangent: outputs in −1..1, centered on 0; saturates on both sides.',
  relu: 'max(0, x): cheap and does not saturate for x > 0; units can die.',
  leakyRelu: 'x for x > 0, else slope · x (slope 0.01): units do not die.',
  prelu: 'x for x > 0, else α x, with an α learned for each unit or channel (start 0.25).',
  elu: 'x for x > 0, else α (eˣ − 1) (α 1): smooth, mean nearer to 0.',
  selu: 'A scaled elu that keeps mean 0 and variance 1 through many layers; wants init: lecun.',
  gelu: 'x Φ(x), Φ the normal distribution: a smooth relu, exact and not the tanh approximation.',
  silu: 'x σ(x), also called swish: a smooth relu.',
  softplus: 'log(1 + eˣ): a smooth relu whose outputs are positive.',
  exponential: 'eˣ: positive outputs, as for a rate or a scale; explodes for large x.',
  softmax:
    'eˣ divided by its sum over the outputs: probabilities. The loss softmaxCrossEntropy has it already.',
};

type Activation =
  | { kind: 'sigmoid' }
  | { kind: 'tanh' }
  | { kind: 'relu' }
  | { kind: 'leakyRelu'; slope: number }
  | { kind: 'prelu'; start: number }
  | { kind: 'elu'; alpha: number }
  | { kind: 'selu' }
  | { kind: 'gelu' }
  | { kind: 'silu' }
  | { kind: 'softplus' }
  | { kind: 'exponential' }
  | { kind: 'softmax' };

/** The layer that a name alone stands for. */
export function activationOf(kind: keyof typeof ACTIVATION_MEANINGS): Activation {
  if (kind === 'leakyRelu') return { kind, slope: LEAKY_SLOPE };
  if (kind === 'prelu') return { kind, start: PRELU_START };
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

export const prelu = z
  .strictObject({
    prelu: z
      .strictObject({
        start: z
          .number()
          .default(PRELU_START)
          .meta({
            description: 'Value that each learned slope α starts from.',
            examples: [0.25],
          }),
      })
      .meta({
        description: 'x for x > 0, else α x, with an α learned for each unit or channel.',
        expected: 'a map such as { start: 0.25 }',
      }),
  })
  .transform(({ prelu }) => ({ kind: 'prelu' as const, start: prelu.start }));

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
