import type { Flow, Graph } from '../../core/inspection/graph/graph.ts';
import type { Table } from '../../core/report/chart/table.ts';
import { exact } from '../format.ts';

/** All numbers of a graph: a row a node. */
export function graphTable(title: string, { nodes, output }: Graph, flow: Flow): Table {
  const f = nodes[output]!.name;
  return {
    title,
    columns: ['node', 'what it is', 'value', `∂${f}/∂node`, 'local gradients'],
    rows: nodes.map(({ name, inputs, formula }, node) => {
      const names = inputs.map((input) => nodes[input]!.name);
      const locals = flow.locals[node]!.map((local, k) => `∂/∂${names[k]} ${exact(local)}`);
      const what = inputs.length > 0 ? formula(names) : 'given';
      return [name, what, flow.values[node]!, flow.gradients[node]!, locals.join(', ')];
    }),
    digest: null,
  };
}
