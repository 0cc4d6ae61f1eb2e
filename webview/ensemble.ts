import './ensemble.css';
import type { EnsembleEvent } from '../core/ensemble/protocol.ts';
import { EnsembleState } from '../core/ensemble/state.ts';
import { parseJsonLine } from '../core/events/json-line.ts';
import { element, setText } from './dom.ts';
import { Comparison } from './ensemble/comparison.ts';
import { DisagreementView } from './ensemble/disagreement.ts';
import { EnsembleHeader } from './ensemble/header.ts';
import { Members } from './ensemble/members.ts';
import type { EnsembleFacts, FromEnsemble, ToEnsemble } from './ensemble/protocol.ts';
import { ExportMenu } from './export/menu.ts';
import { take } from './export/take.ts';
import { Redraw } from './frame.ts';
import { onThemeChange, readTheme } from './theme.ts';
import { registerToolkit } from './toolkit.ts';

/** What outlives the page: VS Code keeps it over a hidden panel and a reload of the window. */
interface SavedState {
  work: string;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromEnsemble): void;
  setState(state: SavedState): void;
};

registerToolkit();

const vscode = acquireVsCodeApi();
const send = (message: FromEnsemble) => vscode.postMessage(message);
let facts: EnsembleFacts | null = null;
let state = new EnsembleState();
let theme = readTheme();

const header = new EnsembleHeader((command) => send({ type: 'command', command }));
const comparison = new Comparison(theme);
const disagreement = new DisagreementView();
const members = new Members((numbers) => send({ type: 'open', members: numbers }));
const words = element('p', { class: 'dim' });
const notice = element('p', { class: 'notice', role: 'status', text: 'Preparing…' });
const main = element(
  'main',
  { class: 'ensemble' },
  words,
  comparison.element,
  disagreement.element,
  members.element,
);
const menu = new ExportMenu((what, format) => {
  void take(what, format).then((taken) => send(taken));
});
main.addEventListener('export', ({ detail }) => menu.open(detail));
document.body.append(header.element, notice, main, menu.element);
header.element.hidden = main.hidden = true;

/** What is said where there is no comparison, and none to come. */
function wordsFor({ phase, canGoOn }: EnsembleFacts): string {
  if (phase === 'elsewhere')
    return 'Another process makes this ensemble: what it finds is shown when it is done.';
  if (phase === 'stopped')
    return `It was stopped before its members were compared. ${canGoOn ? 'It can go on where it was.' : 'Their runs are kept in its folder.'}`;
  return '';
}

const redraw = new Redraw(() => {
  header.element.hidden = main.hidden = !facts;
  notice.hidden = facts !== null;
  if (!facts) return;
  const isLive = ['preparing', 'training', 'measuring'].includes(facts.phase);
  header.update(facts, state);
  setText(words, state.finished ? '' : wordsFor(facts));
  words.hidden = words.textContent === '';
  comparison.element.hidden = !isLive && state.rows.length === 0 && state.leftOut.length === 0;
  comparison.draw(state, theme);
  disagreement.draw(state, theme);
  members.element.hidden = state.members.size + state.progress.size === 0;
  members.draw(state, isLive);
});

onThemeChange(() => {
  theme = readTheme();
  redraw.request();
});
window.addEventListener('resize', () => redraw.request());

window.addEventListener('message', ({ data }: MessageEvent<ToEnsemble>) => {
  if (data.type === 'hydrate') state = new EnsembleState();
  facts = data.facts;
  for (const line of data.lines) state.see(parseJsonLine(line) as EnsembleEvent);
  vscode.setState({ work: facts.id });
  redraw.request();
});

send({ type: 'ready' });
