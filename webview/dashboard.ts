import './dashboard.css';
import { Curves } from './curves/curves.ts';
import { element, setText } from './dom.ts';
import { ExportMenu } from './export/menu.ts';
import { take } from './export/take.ts';
import { ExplorerClient } from './features/client.ts';
import { Features } from './features/features.ts';
import { Findings, noneFound } from './findings/findings.ts';
import { Redraw } from './frame.ts';
import { Graph } from './graph/graph.ts';
import { Header } from './header.ts';
import { Layers } from './layers/layers.ts';
import {
  DEFAULT_SETTINGS,
  type FromView,
  type HeaderFinding,
  type Tab,
  type ToView,
  type ViewSettings,
} from './protocol.ts';
import { RunList } from './run-list.ts';
import { isLive, type Model, type Run, receive } from './store.ts';
import { Tabs } from './tabs.ts';
import { onThemeChange, readTheme } from './theme.ts';
import { registerToolkit } from './toolkit.ts';
import { vscode } from './vscode.ts';
import { FIRST_CHOICE } from './weights/state.ts';
import { Weights } from './weights/weights.ts';

registerToolkit();

const saved = vscode.getState();
const model: Model = {
  runs: new Map(),
  focus: saved?.focus ?? '',
  axis: 'epochs',
  inside: null,
  weights: null,
  exploring: null,
  settings: { ...DEFAULT_SETTINGS, ...saved?.settings },
};
let theme = readTheme();
const send = (message: FromView) => vscode.postMessage(message);
let chosen = saved?.features;
let example = saved?.graph;
let look = saved?.weights ?? FIRST_CHOICE;
const save = () =>
  vscode.setState({
    settings: model.settings,
    focus: model.focus,
    features: chosen,
    graph: example,
    weights: look,
  });

function change(settings: Partial<ViewSettings>): void {
  model.settings = { ...model.settings, ...settings };
  send({ type: 'settings', settings: model.settings });
  save();
  redraw.request();
}

const header = new Header({
  command: (command) => send({ type: 'command', run: model.focus, command }),
  learningRate: (value) => send({ type: 'learningRate', run: model.focus, value }),
});
const curves = new Curves(theme, change);
const layers = new Layers(theme, (tensors) =>
  send({ type: 'pictures', run: model.focus, tensors }),
);
const weights = new Weights(
  look,
  theme,
  (wanted) => send({ type: 'weights', run: model.focus, wanted }),
  (choice) => {
    look = choice;
    save();
  },
);
const explorer = new ExplorerClient(send);
const features = new Features(explorer, chosen, theme, {
  open: () => send({ type: 'openExplorer', run: model.focus }),
  changed: (choice) => {
    chosen = choice;
    save();
  },
});
const graph = new Graph(explorer, example, theme, {
  open: () => send({ type: 'openExplorer', run: model.focus }),
  changed: (chosenExample) => {
    example = chosenExample;
    save();
    redraw.request();
  },
});
const tell = (
  action: Extract<FromView, { type: 'finding' }>['action'],
  { rule, path }: HeaderFinding,
  fix = 0,
) => send({ type: 'finding', run: model.focus, rule, path, action, fix });
const findings = new Findings({
  open: (finding) => tell('open', finding),
  explain: (finding) => tell('explain', finding),
  fix: (finding, fix, verify) => tell(verify ? 'verify' : 'fix', finding, fix),
  show: (step) => {
    change({ tab: 'curves' });
    pointedAt = step;
  },
  verifies: true,
});
/** The step that is to be shown on the curves, once these are there. */
let pointedAt: number | null = null;
/** What each tab shows, and how it is drawn while it does. */
const views: { [T in Tab]: { element: HTMLElement; draw(focus: Run): void } } = {
  curves: {
    element: curves.element,
    draw: () => {
      curves.draw(model, theme);
      if (pointedAt !== null) curves.show(model, pointedAt);
      pointedAt = null;
    },
  },
  layers: {
    element: layers.element,
    draw: (focus) => layers.draw(insideOf(focus), isLive(focus), theme),
  },
  weights: {
    element: weights.element,
    draw: (focus) => {
      const own = model.weights?.run === focus.header.id ? model.weights : null;
      weights.draw(own, isLive(focus), theme);
    },
  },
  features: {
    element: features.element,
    draw: ({ header }) =>
      features.draw(model.exploring?.run === header.id ? model.exploring : null, theme),
  },
  graph: {
    element: graph.element,
    draw: (focus) => {
      const exploring = model.exploring?.run === focus.header.id ? model.exploring : null;
      graph.draw({ inside: insideOf(focus), exploring, live: isLive(focus) }, theme);
    },
  },
  findings: {
    element: findings.element,
    draw: (focus) =>
      findings.draw(
        focus.header.id,
        focus.header.findings,
        noneFound(isLive(focus), focus.header.judged, focus.numbers.step > 0),
      ),
  },
};
const runs = new RunList({
  show: (run, shown) => {
    const hidden = model.settings.hidden.filter((id) => id !== run);
    // the box also reports what was set by script
    if (shown === (hidden.length === model.settings.hidden.length)) return;
    change({ hidden: shown ? hidden : [...hidden, run] });
  },
  focus: (run) => {
    model.focus = run;
    send({ type: 'focus', run });
    save();
    redraw.request();
  },
});
const notice = element('p', { class: 'notice', role: 'status', text: 'Preparing…' });
const tabs = new Tabs(views, (tab) => change({ tab }));
const panels = Object.values(views).map((view) => view.element);
const lost = element('p', {
  class: 'notice',
  text: 'There is nothing to show here: the log of this run cannot be read.',
});
const main = element('main', {}, ...panels, lost, runs.element);
const menu = new ExportMenu((what, format) => {
  const run = model.focus;
  void take(what, format).then((taken) => send({ ...taken, run }));
});
main.addEventListener('export', ({ detail }) => menu.open(detail));
document.body.append(header.element, tabs.element, notice, main, menu.element);
header.element.hidden = tabs.element.hidden = main.hidden = true;

/** Of the run before, it may still be there. */
const insideOf = ({ header }: Run) => (model.inside?.run === header.id ? model.inside : null);

const redraw = new Redraw(() => {
  const focus = model.runs.get(model.focus);
  header.element.hidden = tabs.element.hidden = main.hidden = !focus;
  notice.hidden = focus !== undefined;
  if (!focus) return;
  header.update(focus);
  const { tab } = model.settings;
  tabs.update(tab);
  const { findings: found } = focus.header;
  tabs.count('findings', found.length, found[0]?.severity ?? '');
  if (tab !== 'features') features.hide();
  if (tab !== 'graph') graph.hide();
  // Beside its own, the curves of others stand.
  const isLost = focus.header.damage?.whole === true && tab !== 'curves';
  lost.hidden = !isLost;
  if (isLost) views[tab].element.hidden = true;
  else views[tab].draw(focus);
  runs.update(model, theme);
});

onThemeChange(() => {
  theme = readTheme();
  redraw.request();
});

window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  if (data.type === 'exploring' || data.type === 'explored') {
    explorer.receive(data);
    return;
  }
  receive(model, data);
  if (model.runs.size === 0) {
    setText(notice, 'No run to show. Press ▶ Train above a training config to start one.');
  }
  if (data.type !== 'update') save();
  redraw.request();
});

window.addEventListener('resize', () => redraw.request());

send({ type: 'ready', settings: saved?.settings ?? null });
