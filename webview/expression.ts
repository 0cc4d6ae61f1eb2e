import './expression.css';
import { expressionGraph, flowOf } from '../core/inspection/graph/expression-graph.ts';
import { element, setText } from './dom.ts';
import { ExportMenu } from './export/menu.ts';
import { take } from './export/take.ts';
import { Redraw } from './frame.ts';
import { GraphView } from './graph/view.ts';
import type { FromExpression, ToExpression } from './protocol.ts';
import { onThemeChange, readTheme } from './theme.ts';
import { registerToolkit } from './toolkit.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromExpression): void;
  /** Kept over a reload of the window. */
  setState(state: { file: string }): void;
};

/** The graph of a formula in a file: computed here, so that a changed value shows at once. */

registerToolkit();

const vscode = acquireVsCodeApi();
const values = new Map<string, number>();
let expression: string | null = null;
let graph: ReturnType<typeof expressionGraph>['graph'] | null = null;
let theme = readTheme();

const title = element('h1');
const formula = element('p', { class: 'formula' });
const notice = element('p', { class: 'notice', role: 'status', text: 'Reading the file…' });
const view = new GraphView((name, value) => {
  values.set(name, value);
  redraw.request();
});
const menu = new ExportMenu((what, format) => {
  void take(what, format).then((taken) => vscode.postMessage(taken));
});
view.element.addEventListener('export', ({ detail }) => menu.open(detail));
document.body.append(title, formula, notice, view.element, menu.element);
view.element.hidden = true;

const redraw = new Redraw(() => {
  if (graph) view.draw(graph, flowOf(graph, values), theme);
});

function receive(message: ToExpression): void {
  vscode.setState({ file: message.file });
  setText(title, message.name);
  setText(notice, message.problem ?? '');
  notice.hidden = message.problem === null;
  view.element.hidden = formula.hidden = message.problem !== null;
  if (message.problem !== null) return;
  setText(formula, message.expression.trim());
  if (message.expression !== expression) graph = expressionGraph(message.expression).graph;
  expression = message.expression;
  values.clear();
  for (const [i, name] of message.names.entries()) values.set(name, message.values[i]!);
  view.offer(values);
  redraw.request();
}

window.addEventListener('message', ({ data }: MessageEvent<ToExpression>) => receive(data));
onThemeChange(() => {
  theme = readTheme();
  redraw.request();
});
vscode.postMessage({ type: 'ready' });
