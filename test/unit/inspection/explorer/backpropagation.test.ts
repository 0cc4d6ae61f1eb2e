import { describe, expect, it } from 'vitest';
import { gradientAlong, usesOf } from '../../../../core/inspection/graph/graph.ts';
import { networkGraph } from '../../../../core/inspection/graph/network-graph.ts';
import { numericGradient, relativeError } from '../../../reference/gradient-check.ts';
import { type Answers, lossOf } from '../../../reference/losses.ts';
import { dataOf, explorerOf, type Given } from './explored.ts';

const example = { part: 'train', index: 3 } as const;
const row = dataOf({ shape: [4] });

const networks: [name: string, given: Given][] = [
  ['dense', { layers: [{ dense: 3 }], dataset: row }],
  ['sigmoid', { layers: [{ dense: 5 }, 'sigmoid', { dense: 3 }], dataset: row }],
  ['relu', { layers: [{ dense: 5 }, 'relu', { dense: 3 }], dataset: row, loss: 'hinge' }],
  ['without biases', { layers: [{ dense: { units: 3, bias: false } }], dataset: row }],
  [
    'many kinds',
    {
      layers: [
        'batchNorm',
        { maxout: 4 },
        'elu',
        { dropout: 0.5 },
        'prelu',
        { dense: 3 },
        'softmax',
      ],
      dataset: row,
      loss: 'meanSquaredError',
    },
  ],
  [
    'blocks in blocks',
    {
      layers: [
        { residual: [{ residual: ['tanh', { dense: 4 }] }, { dense: 4 }, 'sigmoid'] },
        { residual: ['tanh'] },
        { dense: 3 },
      ],
      dataset: row,
    },
  ],
  [
    'values',
    {
      layers: [{ dense: 3 }, 'tanh', { dense: 2 }],
      dataset: dataOf({ shape: [4], targets: 2 }),
      loss: 'huber',
    },
  ],
  [
    'one output for two classes',
    {
      layers: [{ dense: 3 }, 'tanh', { dense: 1 }],
      dataset: dataOf({ shape: [4], classes: 2 }),
      loss: 'binaryCrossEntropy',
    },
  ],
  [
    'a small image',
    { layers: [{ dense: 3 }, 'tanh', { dense: 3 }], dataset: dataOf({ shape: [2, 2, 1] }) },
  ],
];

describe('the loss of an example goes backward', () => {
  it.each(networks)('%s', (_name, given) => {
    const { explorer, reference, held } = explorerOf(given);
    const { dataset, loss = 'softmaxCrossEntropy' } = given;
    const answer = explorer.answer({ type: 'backpropagation', example });
    const { label, targets, loss: told } = explorer.answer({ type: 'example', example });
    const answers: Answers =
      targets !== null ? { targets: Float64Array.from(targets) } : { labels: [label!] };
    const raw = Float64Array.from(dataset.train.store.inputs.subarray(3 * 4, 4 * 4));
    const cost = () => lossOf(loss, reference(raw), answers).loss;
    expect(answer.loss).toBe(told);
    expect(answer.loss).toBeCloseTo(cost(), 3);

    const { scale } = dataset.preprocessing!;
    const byRaw = answer.inputGradient.map((gradient, i) => gradient * scale[i]!);
    expect(relativeError(byRaw, numericGradient(cost, raw, 1e-4), 1e-4)).toBeLessThan(1e-3);

    const { graph, flow } = networkGraph(explorer.facts.layers, answer);
    expect(graph.nodes[graph.output]).toMatchObject({ name: 'L', symbol: 'loss' });
    // What every value hears from those that it goes into is its own gradient: the Jacobians are right.
    for (const [node, uses] of usesOf(graph).entries()) {
      for (const { node: use } of uses) expect(use).toBeGreaterThan(node);
      if (node === graph.output) continue;
      const sum = uses.reduce((all, { node: use, k }) => all + gradientAlong(flow, use, k), 0);
      expect(relativeError([flow.gradients[node]!], [sum], 1e-4)).toBeLessThan(1e-4);
    }
    // Between a unit and what comes in stands its weight, and for the weight the numeric difference.
    const weights = held['model.layers.0.weights'];
    if (!weights || typeof given.layers[0] === 'string' || !('dense' in given.layers[0]!)) return;
    const [first] = answer.layers;
    const units = first!.values.length;
    const transposed = Array.from(weights, (_, i) => weights[(i % 4) * units + Math.floor(i / 4)]!);
    expect([...first!.jacobian]).toEqual(transposed);
    const byWeight = Array.from(
      weights,
      (_, i) => first!.gradient[i % units]! * answer.input[Math.floor(i / units)]!,
    );
    expect(relativeError(byWeight, numericGradient(cost, weights, 1e-4), 1e-4)).toBeLessThan(1e-3);
    const biases = held['model.layers.0.biases'];
    expect(first!.biases && [...first!.biases]).toEqual(biases ? [...biases] : null);
  });

  it('names values, tells weighted sums and functions', () => {
    const given = { layers: networks[2]![1].layers, dataset: row };
    const { explorer } = explorerOf(given);
    const answer = explorer.answer({ type: 'backpropagation', example });
    const { nodes } = networkGraph(explorer.facts.layers, answer).graph;
    expect(nodes.map(({ name }) => name).join(' ')).toBe(
      'x₁ x₂ x₃ x₄ a₁ a₂ a₃ a₄ a₅ b₁ b₂ b₃ b₄ b₅ c₁ c₂ c₃ L',
    );
    expect(nodes[9]!.formula(['a₁'])).toBe('relu(a₁)');
    expect(nodes[9]!.rules).toEqual(['relu′(a₁)']);
    expect(nodes[4]!.formula(['x₁', 'x₂', 'x₃', 'x₄'])).toMatch(
      /^\S+·x₁ \+ \S+·x₂ \+ \S+·x₃ \+ \S+·x₄ \+ \S+$/,
    );
  });

  it.each<[string, Given, string]>([
    [
      'many units',
      { layers: [{ dense: 60 }, { dense: 3 }], dataset: dataOf({ shape: [10] }) },
      'It has 780 connections: it is shown layer by layer. Up to 400 are shown one by one.',
    ],
    [
      'images',
      { layers: [{ conv2d: 2 }, 'relu', { dense: 3 }], dataset: dataOf({ shape: [4, 4, 1] }) },
      'Its layers are images: it is shown layer by layer.',
    ],
    [
      'an activation of an image',
      { layers: ['relu', { dense: 3 }], dataset: dataOf({ shape: [4, 4, 1] }) },
      'Its layers are images: it is shown layer by layer.',
    ],
  ])('not for %s', (_name, given, refusal) => {
    const { explorer } = explorerOf(given);
    expect(explorer.facts.refused.backpropagation).toBe(refusal);
    expect(() => explorer.answer({ type: 'backpropagation', example })).toThrow(refusal);
  });
});
