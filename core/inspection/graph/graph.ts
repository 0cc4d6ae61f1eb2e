/** A value of a computational graph: given, or made of others by a gate. */
export interface GraphNode {
  /** Empty for what is given. */
  symbol: string;
  /** How formulas call it: x, q, f. */
  name: string;
  /** The nodes that it is made of; they stand before it. */
  inputs: readonly number[];
  /** What it is, of the names or the numbers of its inputs. */
  formula(x: readonly string[]): string;
  /** ∂this/∂input as a formula, of each input. */
  rules: readonly string[];
  /** It is a weighted sum, whose weights are learned, with a bias or without; the gradient reaches them too. */
  learned?: { bias: boolean };
  /** It is computed with all others of the same stage; what is given is stage 0. */
  stage: number;
}

export interface Graph {
  nodes: readonly GraphNode[];
  /** The node whose gradients are wanted; nothing is made of it. */
  output: number;
}

/** The numbers in a graph. */
export interface Flow {
  /** Of each node. */
  values: ArrayLike<number>;
  /** ∂output/∂node. */
  gradients: ArrayLike<number>;
  /** ∂node/∂input of each input of a node. */
  locals: readonly (readonly number[])[];
}

/** The gradient that goes from a node down to its k-th input: the chain rule. */
export function gradientAlong({ gradients, locals }: Flow, node: number, k: number): number {
  return gradients[node]! * locals[node]![k]!;
}

/** The gates that each node goes into, with the place among their inputs. */
export function usesOf({ nodes }: Graph): { node: number; k: number }[][] {
  const uses: { node: number; k: number }[][] = nodes.map(() => []);
  for (const [node, { inputs }] of nodes.entries())
    for (const [k, input] of inputs.entries()) uses[input]!.push({ node, k });
  return uses;
}

export const stageCount = ({ nodes }: Graph): number =>
  Math.max(...nodes.map(({ stage }) => stage));

/** ₁, ₂, … */
export function subscript(n: number): string {
  return String(n).replace(/\d/g, (digit) => String.fromCodePoint(0x2080 + Number(digit)));
}
