import { type Graph, stageCount, usesOf } from '../../core/inspection/graph/graph.ts';

/** How far the numbers of a graph have been worked out: forward, then backward, one stage at a time. */
export interface Progress {
  /** This many steps were done: 0 knows only what is given, `steps` everything. */
  step: number;
  steps: number;
  /** Of each node: its value, and its whole gradient. */
  valueKnown: boolean[];
  gradientKnown: boolean[];
  /** Of each node: what goes back from it to its inputs. */
  passedBack: boolean[];
  /** The nodes that the latest step was about. */
  latest: number[];
  /** Which way that step went. */
  direction: 'given' | 'forward' | 'backward';
}

/** All stages forward, the gradient of the output by itself, which is 1, and all stages backward. */
export const stepsOf = (graph: Graph): number => 2 * stageCount(graph) + 1;

export function progressOf(graph: Graph, step: number): Progress {
  const stages = stageCount(graph);
  const { nodes, output } = graph;
  const started = step > stages;
  /** Stages from here on have gone backward. */
  const lowest = started ? 2 * stages + 2 - step : stages + 1;
  const passedBack = nodes.map(({ stage }) => stage >= lowest);
  const uses = usesOf(graph);
  const gradientKnown = nodes.map((_, node) =>
    node === output ? started : started && uses[node]!.every((use) => passedBack[use.node]),
  );
  const now = started ? lowest : step;
  const latest = nodes.flatMap(({ stage }, node) => (now > 0 && stage === now ? [node] : []));
  return {
    step,
    steps: stepsOf(graph),
    valueKnown: nodes.map(({ stage }) => stage <= step),
    gradientKnown,
    passedBack,
    latest: started && lowest > stages ? [output] : latest,
    direction: step === 0 ? 'given' : started ? 'backward' : 'forward',
  };
}
