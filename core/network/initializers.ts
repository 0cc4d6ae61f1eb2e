import type { Config } from '../config/index.ts';
import { RandomStream } from '../data/random.ts';
import type { Parameter } from './layers/layer.ts';
import { fillOrthogonal } from './orthogonal.ts';

export type Init = Config['model']['init'];

/** What weights are drawn from. */
type Distribution = { constant: number } | { normal: number } | { uniform: number };

/**
 * The distribution of weights whose units have `fanIn` inputs and whose inputs feed `fanOut` units: a
 * standard deviation, or a limit on both sides.
 *
 * - xavier: 1/√fanIn, keeps the scale of signals through linear and tanh layers (the lectures' form
 *   of Glorot and Bengio 2010)
 * - glorot: √(2/(fanIn + fanOut)), a middle way between the scale of signals and that of gradients
 * - lecun: 1/√fanIn (LeCun et al. 1998)
 * - he: √(2/fanIn), as xavier for ReLU, which drops half of the signal (He et al. 2015)
 *
 * A uniform distribution within ±a has the standard deviation a/√3.
 */
function distributionOf(
  init: Exclude<Init, 'orthogonal'>,
  fanIn: number,
  fanOut: number,
): Distribution {
  if (typeof init === 'object') return init;
  switch (init) {
    case 'zeros':
      return { constant: 0 };
    case 'xavier':
    case 'lecun':
      return { normal: Math.sqrt(1 / fanIn) };
    case 'glorot':
      return { normal: Math.sqrt(2 / (fanIn + fanOut)) };
    case 'glorotUniform':
      return { uniform: Math.sqrt(6 / (fanIn + fanOut)) };
    case 'he':
      return { normal: Math.sqrt(2 / fanIn) };
    case 'heUniform':
      return { uniform: Math.sqrt(6 / fanIn) };
  }
}

/**
 * Fills a parameter set with what it starts from. The random stream is keyed by the parameter's id:
 * adding a layer at the end does not change the start of those before it.
 */
export function initializeParameter(
  values: Float32Array,
  { start, fanIn, fanOut, summary }: Parameter,
  init: Init,
  biasInit: number,
  seed: number,
): void {
  if (start !== 'init') {
    values.fill(start === 'biasInit' ? biasInit : start);
    return;
  }
  const random = new RandomStream(seed, `init ${summary.id}`);
  if (init === 'orthogonal') {
    fillOrthogonal(values, fanIn, random);
    return;
  }
  const distribution = distributionOf(init, fanIn, fanOut);
  if ('constant' in distribution) values.fill(distribution.constant);
  else if ('normal' in distribution) random.fillNormal(values, distribution.normal);
  else {
    const { uniform: limit } = distribution;
    for (let i = 0; i < values.length; i++) values[i] = limit * (2 * random.uniform() - 1);
  }
}
