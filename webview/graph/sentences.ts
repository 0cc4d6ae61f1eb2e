import { type Flow, type Graph, gradientAlong, usesOf } from '../../core/inspection/graph/graph.ts';
import { short } from '../format.ts';
import type { Progress } from './progress.ts';

/** More ways than these are counted, not told. */
const MOST_WAYS = 4;
/** Of a sum, more terms than these are left out. */
const MOST_TERMS = 4;

/** A number in a product or a sum. */
const factor = (value: number) => (value < 0 ? `(${short(value)})` : short(value));

/** q = x + y = -2 + 5 = 3 */
export function forwardSentence({ nodes }: Graph, { values }: Flow, node: number): string {
  const { name, inputs, formula } = nodes[node]!;
  const value = short(values[node]!);
  if (inputs.length === 0) return `${name} = ${value} is given`;
  const written = formula(inputs.map((input) => nodes[input]!.name));
  const numbers =
    inputs.length <= MOST_TERMS
      ? bareFirst(formula(inputs.map((input) => factor(values[input]!))))
      : '';
  return [name, written, numbers === written ? '' : numbers, value].filter(Boolean).join(' = ');
}

/** ∂f/∂x = ∂f/∂q · ∂q/∂x = -4 · 1 = -4, the chain rule along one line. */
export function chainSentence(graph: Graph, flow: Flow, node: number, k: number): string {
  const { nodes, output } = graph;
  const [f, q] = [nodes[output]!.name, nodes[node]!];
  const source = q.inputs[k]!;
  const x = nodes[source]!.name;
  const local = flow.locals[node]![k]!;
  const rule = q.rules[k]!;
  const derivative = `∂${q.name}/∂${x}`;
  const told =
    rule === '' || isNumber(rule) ? '' : `, as ${derivative} = ${rule} = ${short(local)}`;
  const sole = usesOf(graph)[source]!.length === 1;
  const whole = sole ? `∂${f}/∂${x}` : `∂${f}/∂${x} by way of ${q.name}`;
  const direct = rule === '' || isNumber(rule) ? '' : `${rule} = `;
  if (node === output) return `${whole} = ${direct}${short(local)}`;
  const passed = short(gradientAlong(flow, node, k));
  const upper = flow.gradients[node]!;
  return `${whole} = ∂${f}/∂${q.name} · ${derivative} = ${short(upper)} · ${factor(local)} = ${passed}${told}`;
}

/** Everything that is known of a node: how it came about, and how its gradient did. */
export function nodeSentences(
  graph: Graph,
  flow: Flow,
  node: number,
  { valueKnown, gradientKnown, passedBack }: Progress,
): string[] {
  const { nodes, output } = graph;
  const { name } = nodes[node]!;
  const f = nodes[output]!.name;
  const sentences = valueKnown[node] ? [forwardSentence(graph, flow, node)] : [];
  if (node === output && gradientKnown[node])
    sentences.push(`∂${f}/∂${f} = 1: the gradient starts here`);
  sentences.push(...learnedSentence(graph, flow, node, gradientKnown[node]!));
  const ways = usesOf(graph)[node]!.filter((use) => passedBack[use.node]);
  for (const { node: use, k } of ways.slice(0, MOST_WAYS))
    sentences.push(chainSentence(graph, flow, use, k));
  if (ways.length > MOST_WAYS) sentences.push(`… and ${ways.length - MOST_WAYS} more ways`);
  if (ways.length > 1 && gradientKnown[node]) {
    const terms = ways.map(({ node: use, k }) => factor(gradientAlong(flow, use, k)));
    const shown = terms.length > MOST_TERMS ? [...terms.slice(0, MOST_TERMS), '…'] : terms;
    const total = short(flow.gradients[node]!);
    sentences.push(
      `∂${f}/∂${name} = ${shown.join(' + ')} = ${total}: gradients of all ways add up`,
    );
  }
  return sentences;
}

/** ∂L/∂weight = ∂L/∂a · x of each weight of a unit, and ∂L/∂bias = ∂L/∂a. */
function learnedSentence(
  { nodes, output }: Graph,
  { values, gradients }: Flow,
  node: number,
  isKnown: boolean,
): string[] {
  const { name, inputs, learned } = nodes[node]!;
  if (!learned || !isKnown) return [];
  const f = nodes[output]!.name;
  const own = gradients[node]!;
  const all = inputs.map((input) => short(own * values[input]!));
  const shown = all.length > MOST_TERMS ? [...all.slice(0, MOST_TERMS), '…'] : all;
  const bias = learned.bias ? `, and to its bias ${short(own)}` : '';
  return [`To its weights goes ∂${f}/∂${name} · what comes in = ${shown.join(', ')}${bias}`];
}

/** What the latest step did. */
export function stepSentences(graph: Graph, flow: Flow, progress: Progress): string[] {
  const { latest, direction } = progress;
  if (direction === 'given') return ['Only what is given is known'];
  if (direction === 'forward') return latest.map((node) => forwardSentence(graph, flow, node));
  return latest.flatMap((node) => {
    if (node === graph.output && !progress.passedBack[node]) {
      const f = graph.nodes[node]!.name;
      return [`∂${f}/∂${f} = 1: the gradient starts here`];
    }
    return graph.nodes[node]!.inputs.map((_, k) => chainSentence(graph, flow, node, k));
  });
}

/** Where the gradient does not get on, in a sentence: the answer to the question above the picture. */
export function verdict(graph: Graph, { gradients, locals }: Flow): string {
  const { nodes, output } = graph;
  const f = nodes[output]!.name;
  const list = Array.from(gradients);
  const broken = list.findLastIndex((gradient) => !Number.isFinite(gradient));
  if (broken >= 0) {
    const what = Number.isNaN(list[broken]) ? 'NaN' : 'infinite';
    return `The gradient is ${what} from ${nodes[broken]!.name} on backward.`;
  }
  const deaths = nodes.flatMap(({ name, inputs }, node) =>
    inputs.flatMap((input, k) =>
      gradients[node] !== 0 && locals[node]![k] === 0
        ? [`at ${name} on the way to ${nodes[input]!.name}`]
        : [],
    ),
  );
  const isGiven = (node: number) => nodes[node]!.inputs.length === 0 && nodes[node]!.symbol === '';
  const given = nodes.flatMap((_, node) => (isGiven(node) ? [node] : []));
  const without = given.filter((node) => gradients[node] === 0).length;
  if (deaths.length === 0)
    return without === 0
      ? `The gradient of ${f} reaches everything that is given.`
      : 'The gradient reaches every gate, but is 0 where factors of 0 come in.';
  const shown = deaths.slice(0, 3).join(', ');
  const more = deaths.length > 3 ? ` and in ${deaths.length - 3} more places` : '';
  return `The gradient dies ${shown}${more}.`;
}

/** A number at the beginning of a sum or a product needs no brackets. */
const bareFirst = (formula: string) => formula.replace(/^\((-\S+)\)(?= [+·])/, '$1');

const isNumber = (rule: string) => /^−?[\d.e+-]+$/.test(rule);
