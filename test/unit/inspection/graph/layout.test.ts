import { describe, expect, it } from 'vitest';
import { expressionGraph } from '../../../../core/inspection/graph/expression-graph.ts';
import type { Graph, GraphNode } from '../../../../core/inspection/graph/graph.ts';
import { layoutOf, RADIUS } from '../../../../webview/graph/layout.ts';

/** Units that are all connected with those of the layer below. */
function layered(widths: readonly number[]): Graph {
  const nodes: GraphNode[] = [];
  let below: number[] = [];
  for (const [stage, width] of widths.entries()) {
    const inputs = below;
    below = Array.from({ length: width }, () => {
      const node = { symbol: 'Σ', name: '', inputs, formula: () => '', rules: [], stage };
      return nodes.push(node) - 1;
    });
  }
  return { nodes, output: nodes.length - 1 };
}

const graphs: [string, Graph][] = [
  ['(x + y) * z', expressionGraph('(x + y) * z').graph],
  [
    'a name that is used early and late',
    expressionGraph('a = x * y; b = max(a, z); (a + b) * sigmoid(x - b) + z ^ 2').graph,
  ],
  ['a sum of sums', expressionGraph(Array.from({ length: 20 }, (_, i) => `x${i}`).join('+')).graph],
  ['a network', layered([2, 16, 16, 2, 1])],
  ['one gate', expressionGraph('exp(x)').graph],
];

describe('a drawing of a graph', () => {
  it.each(graphs)('%s: every line goes to the right, nothing overlaps', (_name, graph) => {
    const { nodes, lines, width, height } = layoutOf(graph);
    for (const [i, { x, y }] of nodes.entries()) {
      expect(x).toBeGreaterThanOrEqual(RADIUS);
      expect(x).toBeLessThanOrEqual(width - RADIUS);
      expect(y).toBeGreaterThanOrEqual(RADIUS);
      expect(y).toBeLessThanOrEqual(height - RADIUS);
      for (const other of nodes.slice(i + 1))
        if (other.x === x) expect(Math.abs(other.y - y)).toBeGreaterThan(2 * RADIUS);
    }
    for (const [node, { inputs }] of graph.nodes.entries()) {
      expect(lines[node]).toHaveLength(inputs.length);
      for (const [k, input] of inputs.entries()) {
        const points = lines[node]![k]!;
        expect(points[0]).toEqual({ x: nodes[input]!.x + RADIUS, y: nodes[input]!.y });
        const end = points.at(-1)!;
        expect(Math.hypot(end.x - nodes[node]!.x, end.y - nodes[node]!.y)).toBeCloseTo(RADIUS, 9);
        for (const [i, { x }] of points.entries())
          if (i > 0) expect(x).toBeGreaterThan(points[i - 1]!.x);
      }
    }
  });

  it('puts what is given next to where it is needed', () => {
    const { nodes, output } = graphs[0]![1];
    const { nodes: places } = layoutOf(graphs[0]![1]);
    const z = nodes.findIndex(({ name }) => name === 'z');
    const q = nodes[output]!.inputs.find((input) => nodes[input]!.symbol === '+')!;
    expect(places[z]!.x).toBe(places[q]!.x);
  });
});
