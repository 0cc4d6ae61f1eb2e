export type Init =
  | 'zeros'
  | 'xavier'
  | 'glorot'
  | 'glorotUniform'
  | 'lecun'
  | 'he'
  | 'heUniform'
  | { constant: number }
  | { normal: number }
  | { uniform: number };

export interface Distribution {
  mean: number;
  std: number;
  /** Fourth moment about the mean over std⁴: 3 of a normal distribution, 1.8 of a uniform one. */
  kurtosis: number;
}

const normal = (std: number): Distribution => ({ mean: 0, std, kurtosis: 3 });
/** Within ±limit. */
const uniform = (limit: number): Distribution => ({
  mean: 0,
  std: limit / Math.sqrt(3),
  kurtosis: 1.8,
});
const constant = (mean: number): Distribution => ({ mean, std: 0, kurtosis: Number.NaN });

/**
 * What weights are drawn from, with `fanIn` inputs of a unit and `fanOut` units that an input feeds.
 * Glorot and Bengio 2010, LeCun et al. 1998, He et al. 2015; xavier is the lectures', by fanIn alone.
 */
export function distributionOf(init: Init, fanIn: number, fanOut: number): Distribution {
  switch (init) {
    case 'zeros':
      return constant(0);
    case 'xavier':
    case 'lecun':
      return normal(Math.sqrt(1 / fanIn));
    case 'glorot':
      return normal(Math.sqrt(2 / (fanIn + fanOut)));
    case 'glorotUniform':
      return uniform(Math.sqrt(6 / (fanIn + fanOut)));
    case 'he':
      return normal(Math.sqrt(2 / fanIn));
    case 'heUniform':
      return uniform(Math.sqrt(6 / fanIn));
  }
  if ('constant' in init) return constant(init.constant);
  return 'normal' in init ? normal(init.normal) : uniform(init.uniform);
}

export function momentsOf(values: ArrayLike<number>): Distribution {
  const all = Array.from(values);
  const average = (f: (value: number) => number) =>
    all.reduce((sum, value) => sum + f(value), 0) / all.length;
  const mean = average((value) => value);
  const variance = average((value) => (value - mean) ** 2);
  return {
    mean,
    std: Math.sqrt(variance),
    kurtosis: average((value) => (value - mean) ** 4) / variance ** 2,
  };
}
