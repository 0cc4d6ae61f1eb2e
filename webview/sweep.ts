import './sweep.css';
import { element, setText } from './dom.ts';
import { ExportMenu } from './export/menu.ts';
import { take } from './export/take.ts';
import { Findings } from './findings/findings.ts';
import { Redraw } from './frame.ts';
import { whenResized } from './layers/canvas.ts';
import type { HeaderFinding } from './protocol.ts';
import { SweepHeader } from './sweep/header.ts';
import { ImportanceBars } from './sweep/importance.ts';
import { Losses } from './sweep/losses.ts';
import { type Brushes, type Span, SweepModel } from './sweep/model.ts';
import { Parallel } from './sweep/parallel.ts';
import type { FromSweep, ToSweep } from './sweep/protocol.ts';
import { StageRanges } from './sweep/ranges.ts';
import { RankScale } from './sweep/scale.ts';
import { TrialScatter } from './sweep/scatter.ts';
import { TrialList } from './sweep/trial-list.ts';
import { ValuesTried } from './sweep/tried.ts';
import { onThemeChange, readTheme } from './theme.ts';
import { registerToolkit } from './toolkit.ts';

/** What outlives the page: VS Code keeps it over a hidden panel and a reload of the window. */
interface SavedState {
  work: string;
  axes: [x: string, y: string];
  pinned: number[];
  brushes: Brushes;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromSweep): void;
  getState(): SavedState | undefined;
  setState(state: SavedState): void;
};

registerToolkit();

const vscode = acquireVsCodeApi();
const send = (message: FromSweep) => vscode.postMessage(message);
const saved = vscode.getState();
const model = new SweepModel();
model.pinned = saved?.pinned ?? [];
model.brushes = saved?.brushes ?? [];
let axes: [x: string, y: string] = saved?.axes ?? ['', ''];
let theme = readTheme();
/** Places of trials whose losses were asked for, and with how many epochs. */
const asked = new Map<number, number>();

const save = () => {
  const { facts, pinned, brushes } = model;
  if (facts) vscode.setState({ work: facts.id, axes, pinned, brushes });
};
const changed = () => {
  save();
  redraw.request();
};
const pick = (place: number) => {
  model.picked = place;
  changed();
};
/** It stands out in all drawings; none is drawn anew for that. */
const point = (place: number | null) => {
  scatter.mark(place);
  parallel.mark(place);
};

const header = new SweepHeader((command) => send({ type: 'command', command }));
const scatter = new TrialScatter(theme, {
  pointed: point,
  picked: pick,
  axes: (x, y) => {
    axes = [x, y];
    changed();
  },
});
const scale = new RankScale();
const parallel = new Parallel(theme, {
  pointed: point,
  picked: pick,
  brushed: (axis: number, span: Span | null) => {
    model.brush(axis, span);
    follow();
    // The rest follows when the hand rests.
    clearTimeout(resting);
    resting = window.setTimeout(changed, REST);
  },
});
const importance = new ImportanceBars();
const tried = new ValuesTried(theme);
const losses = new Losses(theme);
const ranges = new StageRanges({
  ask: (asks) => send({ type: 'ask', asks }),
  begin: (chosen) => send({ type: 'begin', ranges: chosen }),
});
const tell = (
  action: Extract<FromSweep, { type: 'finding' }>['action'],
  { rule, path }: HeaderFinding,
  fix = 0,
) => send({ type: 'finding', rule, path, action, fix });
const findings = new Findings({
  open: (finding) => tell('open', finding),
  explain: (finding) => tell('explain', finding),
  fix: (finding, fix) => tell('fix', finding, fix),
  show: null,
  verifies: false,
});
const list = new TrialList({
  picked: pick,
  pointed: point,
  pinned: (place) => {
    model.pin(place);
    changed();
  },
  use: (place) => send({ type: 'use', place }),
  goOn: (place) => send({ type: 'continue', place }),
  compare: (places) => send({ type: 'compare', places }),
});
const notice = element('p', { class: 'notice', role: 'status', text: 'Preparing…' });
const main = element(
  'main',
  {},
  element(
    'div',
    { class: 'sweep' },
    element('div', { class: 'beside' }, scatter.element, scale.element),
    element('div', { class: 'beside' }, importance.element, tried.element),
    parallel.element,
    losses.panel.element,
    element('div', { class: 'beside' }, findings.element, ranges.element),
  ),
  list.element,
);
const menu = new ExportMenu((what, format) => {
  void take(what, format).then((taken) => send(taken));
});
main.addEventListener('export', ({ detail }) => menu.open(detail));
document.body.append(header.element, notice, main, menu.element);
header.element.hidden = main.hidden = true;

/** Draws what a hand moves, once a frame. */
const REST = 120;
let resting = 0;
let frame = 0;
function follow(): void {
  if (frame !== 0) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    scatter.draw(model, axes, theme);
    parallel.draw(model, theme);
  });
}

const redraw = new Redraw(() => {
  const { facts } = model;
  header.element.hidden = main.hidden = !facts;
  notice.hidden = facts !== null;
  if (!facts) return;
  if (facts.keys.every(({ key }) => key !== axes[0]))
    axes = [facts.keys[0]?.key ?? '', facts.keys[1]?.key ?? ''];
  header.update(model);
  scatter.draw(model, axes, theme);
  scale.draw(model, theme);
  parallel.draw(model, theme);
  importance.draw(facts);
  tried.draw(model, theme);
  losses.draw(model, theme);
  ranges.draw(facts);
  const isOver = facts.phase === 'completed';
  findings.draw(
    facts.id,
    facts.findings,
    isOver ? 'Nothing was found wrong with this sweep.' : 'What is wrong is told in the end.',
  );
  list.draw(model, theme);
  askForLosses();
  tellSoon();
});

/** What is drawn lacks the losses of these. */
function askForLosses(): void {
  const places = model.withoutCurve.filter(
    (place) => asked.get(place) !== model.trials[place]!.epoch,
  );
  if (places.length === 0) return;
  for (const place of places) asked.set(place, model.trials[place]!.epoch);
  send({ type: 'curves', places });
}

/** Tables for screen readers: those must get to the end of them. */
const TELL = 2000;
let telling = 0;
function tellSoon(): void {
  if (telling !== 0) return;
  telling = window.setTimeout(() => {
    telling = 0;
    for (const plot of [scatter, parallel, tried]) plot.tell();
  }, TELL);
}

onThemeChange(() => {
  theme = readTheme();
  redraw.request();
});
whenResized(() => redraw.request());
window.addEventListener('resize', () => redraw.request());

window.addEventListener('message', ({ data }: MessageEvent<ToSweep>) => {
  if (data.type === 'unreadable') {
    setText(notice, data.message);
    return;
  }
  if (data.type === 'hydrate') asked.clear();
  model.receive(data);
  if (data.type !== 'curves') save();
  redraw.request();
});

send({ type: 'ready' });
