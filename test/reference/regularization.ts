import type { ClipConfig, Regularization } from './config.ts';
import type { ParameterShape, Values } from './layer.ts';

/** What holds for a parameter set: weights, biases on demand, nothing else. */
export function regularizationOf(
  { name, regularization }: ParameterShape,
  config: Regularization = {},
): Regularization {
  const { l1, l2, maxNorm, bias } = regularization ?? config;
  if (name.endsWith('weights')) return { l1, l2, maxNorm };
  return name.endsWith('biases') && bias ? { l1, l2 } : {};
}

/** Σ ½λ₂w² + λ₁|w|. */
export function penalty({ l1 = 0, l2 = 0 }: Regularization, values: Float64Array): number {
  return values.reduce((sum, w) => sum + (l2 * w * w) / 2 + l1 * Math.abs(w), 0);
}

/** λ₂w + λ₁ sign w. */
export function penaltyGradient(
  { l1 = 0, l2 = 0 }: Regularization,
  values: Float64Array,
): Float64Array {
  return values.map((w) => l2 * w + l1 * Math.sign(w));
}

/** Shortens the weights into each unit (the last extent) to at most `maxNorm`. */
export function limitNorms(values: Float64Array, units: number, maxNorm: number): void {
  for (let j = 0; j < units; j++) {
    let squares = 0;
    for (let i = j; i < values.length; i += units) squares += values[i] ** 2;
    const norm = Math.sqrt(squares);
    if (norm <= maxNorm) continue;
    for (let i = j; i < values.length; i += units) values[i] *= maxNorm / norm;
  }
}

/** Each gradient to ±value, or all of them together to a norm (with PyTorch's 1e-6). */
export function clip(gradients: Values, config: ClipConfig): Values {
  const each = (f: (g: number) => number) =>
    Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, values.map(f)]));
  if ('value' in config) {
    return each((g) => Math.max(-config.value, Math.min(config.value, g)));
  }
  const norm = Math.hypot(...Object.values(gradients).flatMap((values) => [...values]));
  const factor = Math.min(1, config.norm / (norm + 1e-6));
  return each((g) => g * factor);
}
