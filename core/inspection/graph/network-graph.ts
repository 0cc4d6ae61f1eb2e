import type { BackpropagationAnswer, ExplorerLayer } from '../explorer/protocol.ts';
import { type Flow, type Graph, type GraphNode, subscript } from './graph.ts';

/** What is written in the nodes of a kind of layer; others show their kind. */
const SYMBOLS: { [kind: string]: string } = {
  dense: 'Σ',
  dropConnect: 'Σ',
  sigmoid: 'σ',
  residual: '+',
  batchNorm: 'norm',
  leakyRelu: 'leaky',
  exponential: 'exp',
};

/**
 * A network with one example in it as a graph of single values, and the numbers that the engine has found
 * for them: x₁, x₂, … come in, a₁, a₂, … are the units of the first layer, b₁, … of the second, and L is
 * the loss.
 */
export function networkGraph(
  layers: readonly ExplorerLayer[],
  answer: BackpropagationAnswer,
): { graph: Graph; flow: Flow } {
  const nodes: GraphNode[] = [];
  const values: number[] = [];
  const gradients: number[] = [];
  const locals: number[][] = [];
  const add = (node: GraphNode, value: number, gradient: number, local: number[]) => {
    nodes.push(node);
    values.push(value);
    gradients.push(gradient);
    locals.push(local);
  };
  for (const [i, value] of answer.input.entries()) {
    const name = `x${subscript(i + 1)}`;
    const given = { symbol: '', name, inputs: [], formula: () => name, rules: [], stage: 0 };
    add(given, value, answer.inputGradient[i]!, []);
  }
  /** Where the values of each layer begin; of the input at −1. */
  const starts = new Map([[-1, 0]]);
  for (const [layer, pass] of answer.layers.entries()) {
    const start = nodes.length;
    const below = starts.get(layer - 1)!;
    starts.set(layer, start);
    const widthBelow = start - below;
    const { kind } = layers[layer]!;
    for (const [unit, value] of pass.values.entries()) {
      const places = pass.sees === 'all' ? Array.from({ length: widthBelow }, (_, i) => i) : [unit];
      const inputs = places.map((place) => below + place);
      const local = places.map((place) => pass.jacobian[unit * widthBelow + place]!);
      if (pass.around !== null) {
        // y = f(x) + x₀: each summand passes its gradient on as it is.
        inputs.push(starts.get(pass.around)! + unit);
        local.push(1);
      }
      const name = `${letter(layer)}${subscript(unit + 1)}`;
      const symbol = SYMBOLS[kind] ?? kind;
      const texts = textsOf(kind, local, pass.biases?.[unit] ?? null);
      add(
        { symbol, name, inputs, stage: layer + 1, ...texts(inputs, nodes) },
        value,
        pass.gradient[unit]!,
        local,
      );
    }
  }
  const last = answer.layers.at(-1)!;
  const top = starts.get(answer.layers.length - 1)!;
  const inputs = Array.from(last.values, (_, i) => top + i);
  const stage = answer.layers.length + 1;
  const formula = (x: readonly string[]) => `${answer.lossType}(${x.join(', ')})`;
  const rules = inputs.map(() => '');
  add({ symbol: 'loss', name: 'L', inputs, formula, rules, stage }, answer.loss, 1, [
    ...last.gradient,
  ]);
  return { graph: { nodes, output: nodes.length - 1 }, flow: { values, gradients, locals } };
}

/** How a unit is told: a weighted sum with its weights, anything else as a function. */
function textsOf(kind: string, locals: readonly number[], bias: number | null) {
  return (
    inputs: readonly number[],
    nodes: readonly GraphNode[],
  ): Pick<GraphNode, 'formula' | 'rules' | 'learned'> => {
    if (kind === 'residual') return { formula: (x) => x.join(' + '), rules: inputs.map(() => '1') };
    if (kind === 'dense' || kind === 'dropConnect') {
      const plus = bias === null ? '' : ` + ${number(bias)}`;
      const formula = (x: readonly string[]) =>
        x.map((each, k) => `${number(locals[k]!)}·${each}`).join(' + ') + plus;
      // A weight that is dropped at random has another share in training.
      return kind === 'dense'
        ? { formula, rules: inputs.map(() => 'its weight'), learned: { bias: bias !== null } }
        : { formula, rules: inputs.map(() => '') };
    }
    return {
      formula: (x) => `${kind}(${x.join(', ')})`,
      rules: inputs.map((input) => (inputs.length > 1 ? '' : `${kind}′(${nodes[input]!.name})`)),
    };
  };
}

/** a, b, c, …; x is the input. After w it goes on with a′. */
function letter(layer: number): string {
  return String.fromCharCode(97 + (layer % 23)) + '′'.repeat(Math.floor(layer / 23));
}

/** Three digits, in brackets where a sign would meet another. */
function number(value: number): string {
  const text = String(Number(value.toPrecision(3)));
  return value < 0 ? `(${text})` : text;
}
