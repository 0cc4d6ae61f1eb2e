import type { Config } from '../config/index.ts';
import { RandomStream } from '../data/random.ts';
import type { Parameter } from './layers/layer.ts';

export type Init = Config['model']['init'];

/**
 * Standard deviation of the normal distribution that weights with `fanIn` inputs start from; 0 for
 * zeros.
 *
 * - xavier: 1/√fanIn, keeps the scale of signals through linear and tanh layers (the lectures' form
 *   of Glorot and Bengio 2010)
 * - he: √(2/fanIn), the same for ReLU, which drops half of the signal (He et al. 2015)
 */
export function initialStd(init: Init, fanIn: number): number {
  if (typeof init === 'object') return init.normal;
  switch (init) {
    case 'zeros':
      return 0;
    case 'xavier':
      return Math.sqrt(1 / fanIn);
    case 'he':
      return Math.sqrt(2 / fanIn);
  }
}

/**
 * Fills a parameter set with what it starts from. The random stream is keyed by the parameter's id:
 * adding a layer at the end does not change the start of those before it.
 */
export function initializeParameter(
  values: Float32Array,
  { start, fanIn, summary }: Parameter,
  init: Init,
  biasInit: number,
  seed: number,
): void {
  if (start !== 'init') {
    values.fill(start === 'biasInit' ? biasInit : start);
    return;
  }
  const std = initialStd(init, fanIn);
  if (std === 0) values.fill(0);
  else new RandomStream(seed, `init ${summary.id}`).fillNormal(values, std);
}
