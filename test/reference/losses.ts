import { probabilities } from './activations.ts';
import type { LossConfig } from './config.ts';
import { map, type Tensor, zeros } from './tensor.ts';

/** What is wanted of each row: a class, or a value for each output. */
export type Answers = { labels: number[] } | { targets: Float64Array };

export interface LossValue {
  /** The mean over the batch. */
  loss: number;
  /** ∂loss/∂z. */
  gradient: Tensor;
}

/** The loss of outputs z [rows × outputs]. */
export function lossOf(config: LossConfig, z: Tensor, answers: Answers): LossValue {
  const { type, ...options } = typeof config === 'string' ? { type: config } : config;
  switch (type) {
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(z, labelsOf(answers), options);
    case 'hinge':
      return hinge(z, labelsOf(answers));
    case 'binaryCrossEntropy':
      return meanOverAll(z, answers, (z, t) => ({
        value: Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - t * z,
        derivative: 1 / (1 + Math.exp(-z)) - t,
      }));
    case 'meanSquaredError':
      return meanOverAll(z, answers, (z, t) => ({ value: (z - t) ** 2, derivative: 2 * (z - t) }));
    case 'huber':
      return meanOverAll(z, answers, (z, t) => huber(z - t, options.delta ?? 1));
  }
}

function labelsOf(answers: Answers): number[] {
  if (!('labels' in answers)) throw new Error('this loss needs classes');
  return answers.labels;
}

/**
 * L = −Σ over rows n and classes j of w_j q_nj log p_nj / Σₙ w_label(n), where q is 1 at the label, a
 * part ε of it spread over all classes alike, and w are class weights (PyTorch's weighted mean).
 */
function softmaxCrossEntropy(
  z: Tensor,
  labels: number[],
  { labelSmoothing = 0, classWeights }: { labelSmoothing?: number; classWeights?: number[] },
): LossValue {
  const [rows, classes] = z.shape;
  const weight = (j: number) => classWeights?.[j] ?? 1;
  const total = labels.reduce((sum, label) => sum + weight(label), 0);
  const gradient = zeros(z.shape);
  let loss = 0;
  for (let n = 0; n < rows; n++) {
    const from = n * classes;
    const p = probabilities(z.values.slice(from, from + classes));
    for (let j = 0; j < classes; j++) {
      const wanted = (j === labels[n] ? 1 - labelSmoothing : 0) + labelSmoothing / classes;
      const share = (weight(j) * wanted) / total;
      loss -= share * Math.log(p[j]);
      // ∂(−log pⱼ)/∂zₖ = pₖ − [k = j]
      for (let k = 0; k < classes; k++) {
        gradient.values[from + k] += share * (p[k] - (k === j ? 1 : 0));
      }
    }
  }
  return { loss, gradient };
}

/** Σ over j ≠ label of max(0, 1 + zⱼ − z_label): Weston and Watkins 1999, margin 1. */
function hinge(z: Tensor, labels: number[]): LossValue {
  const [rows, classes] = z.shape;
  const gradient = zeros(z.shape);
  let loss = 0;
  for (let n = 0; n < rows; n++) {
    const right = n * classes + labels[n];
    for (let j = 0; j < classes; j++) {
      const other = n * classes + j;
      const excess = 1 + z.values[other] - z.values[right];
      if (other === right || excess <= 0) continue;
      loss += excess / rows;
      gradient.values[other] += 1 / rows;
      gradient.values[right] -= 1 / rows;
    }
  }
  return { loss, gradient };
}

/** ½d² near 0, δ(|d| − ½δ) beyond ±δ. */
function huber(d: number, delta: number): { value: number; derivative: number } {
  return Math.abs(d) <= delta
    ? { value: (d * d) / 2, derivative: d }
    : { value: delta * (Math.abs(d) - delta / 2), derivative: delta * Math.sign(d) };
}

/** A loss of each output on its own, the mean over outputs and rows. */
function meanOverAll(
  z: Tensor,
  answers: Answers,
  f: (z: number, target: number) => { value: number; derivative: number },
): LossValue {
  const [, outputs] = z.shape;
  const target = (i: number) => {
    if ('targets' in answers) return answers.targets[i];
    const label = answers.labels[Math.floor(i / outputs)];
    // One output for two classes says how likely the second is.
    return outputs === 1 ? label : Number(i % outputs === label);
  };
  const count = z.values.length;
  const parts = Array.from(z.values, (value, i) => f(value, target(i)));
  return {
    loss: parts.reduce((sum, { value }) => sum + value, 0) / count,
    gradient: map(z, (_, i) => parts[i].derivative / count),
  };
}

/**
 * T² Σⱼ pⱼ (log pⱼ − log qⱼ), q = softmax(z / T), the mean over rows: Hinton, Vinyals and Dean 2015. p are the
 * teacher's probabilities [rows × classes].
 */
export function distillation(z: Tensor, p: Float64Array, temperature: number): LossValue {
  const [rows, classes] = z.shape;
  const gradient = zeros(z.shape);
  let loss = 0;
  for (let n = 0; n < rows; n++) {
    const from = n * classes;
    const q = probabilities(
      z.values.slice(from, from + classes).map((value) => value / temperature),
    );
    for (let j = 0; j < classes; j++) {
      const teacher = p[from + j];
      if (teacher > 0) loss += (temperature ** 2 * teacher * Math.log(teacher / q[j])) / rows;
      gradient.values[from + j] = (temperature * (q[j] - teacher)) / rows;
    }
  }
  return { loss, gradient };
}
