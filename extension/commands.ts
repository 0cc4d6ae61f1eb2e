import * as vscode from 'vscode';
import { isToBeDeleted } from './confirm.ts';
import type { Ensemble } from './ensembles/ensemble.ts';
import type { Which } from './ensembles/making.ts';
import { fixEdit } from './findings/fixes.ts';
import { explainRule } from './findings/rule-page.ts';
import type { FixRequest } from './findings/verification.ts';
import { formatBytes, formatNumber } from './format.ts';
import { pickGraph } from './graphs/pick.ts';
import type { CommandId } from './ids.ts';
import { pickOne, workItem } from './kept/pick.ts';
import { Work } from './kept/work.ts';
import { applyConfigEdits } from './language/edits.ts';
import { showConfig } from './language/opening.ts';
import { pickConfig, pickRun, runItem } from './pick.ts';
import { ask, stop } from './runs/ask.ts';
import { exportReport } from './runs/report.ts';
import { reveal } from './runs/reveal.ts';
import { Run } from './runs/run.ts';
import { BROKEN_RATE, copySample, DIGITS, MENDED_RATE, rateEdit } from './samples.ts';
import type { Trainscope } from './trainscope.ts';

type Handler = (app: Trainscope, argument: unknown) => Promise<unknown> | unknown;

/** What each command does. One that cannot be carried out says why. */
export const HANDLERS: { [C in CommandId]: Handler } = {
  'trainscope.train': async (app, argument) => {
    const config = await pickConfig(argument);
    if (!config) return null;
    const wanted = await app.offer.ask(config);
    if (wanted === 'check') await app.checker.check(config);
    if (wanted !== 'train') return null;
    return app.training.train(config, { showProgress: argument === undefined });
  },
  'trainscope.check': async (app, argument) => {
    const config = await pickConfig(argument);
    if (!config) return null;
    await app.offer.seen(config);
    return app.checker.check(config);
  },
  'trainscope.openDashboard': async (app, argument) => {
    const none = vscode.l10n.t('There are no runs to show yet. Train a config first.');
    const run = await pick(app, argument, () => true, none);
    if (run) await app.dashboards.show(run);
  },
  'trainscope.pause': (app, argument) =>
    control(
      app,
      argument,
      ['preparing', 'training'],
      vscode.l10n.t('No run is training in this window.'),
      (run) => ask(run, (handle) => handle.pause()),
    ),
  'trainscope.resume': (app, argument) =>
    control(app, argument, ['paused'], vscode.l10n.t('No run of this window is paused.'), (run) =>
      ask(run, (handle) => handle.resume()),
    ),
  'trainscope.continueRun': async (app, argument) => {
    const none = vscode.l10n.t('There is no ended run that could go on.');
    const run = await pick(app, argument, ({ active }) => !active, none);
    return run && app.training.continue(run);
  },
  'trainscope.stop': stopAny,
  'trainscope.setLearningRate': (app, argument) =>
    control(
      app,
      argument,
      ACTIVE,
      vscode.l10n.t('No run is training in this window.'),
      async (run) => {
        const rate = await askLearningRate(run);
        if (rate !== null) await ask(run, (handle) => handle.setLearningRate(rate));
      },
    ),
  'trainscope.openConfig': async (app, argument) => {
    const run = await pick(app, argument, () => true, noRuns());
    if (run) await showConfig(run.config);
  },
  'trainscope.revealRun': async (app, argument) => {
    const run = await pick(app, argument, () => true, noRuns());
    if (run) await reveal(run.folder);
  },
  'trainscope.exportReport': async (app, argument) => {
    const run = await pick(app, argument, () => true, noRuns());
    if (run) await exportReport(run, vscode.Uri.joinPath(app.context.extensionUri, 'dist'));
  },
  'trainscope.deleteRun': async (app, argument) => {
    const none = vscode.l10n.t(
      'There is no finished run to delete. Stop a run before deleting it.',
    );
    const run = await pick(app, argument, ({ active }) => !active, none);
    if (run) await confirmDelete(app, run);
  },
  'trainscope.groupRuns': (app) => app.sidebar.setByTime(false),
  'trainscope.listRuns': (app) => app.sidebar.setByTime(true),
  'trainscope.verifyFix': (app, argument) =>
    isFixRequest(argument) ? app.verification.verify(argument) : null,
  'trainscope.applyFix': async (_app, argument) => {
    if (isFixRequest(argument)) await applyFix(argument);
  },
  'trainscope.openFinding': async (app, argument) => {
    if (!isAtKey(argument)) return;
    const document = await vscode.workspace.openTextDocument(argument.uri);
    const selection = app.findings.rangeOf(document, argument.finding.path);
    await vscode.window.showTextDocument(document, { selection });
  },
  'trainscope.explainRule': (app, argument) => {
    const rule = isAtKey(argument) ? argument.finding.rule : argument;
    return explainRule(app.context.extensionUri, rule);
  },
  'trainscope.sweep': async (app, argument) => {
    const config = await pickConfig(argument);
    if (!config) return null;
    return app.sweeping.sweep(config, { showProgress: argument === undefined });
  },
  'trainscope.openSweep': (app, argument) => app.sweeping.desk.open(argument),
  'trainscope.stopSweep': (app, argument) => app.sweeping.desk.stop(argument),
  'trainscope.resumeSweep': (app, argument) =>
    app.sweeping.desk.resume(argument, { showProgress: argument === undefined }),
  'trainscope.deleteSweep': (app, argument) => app.sweeping.desk.delete(argument),
  'trainscope.ensemble': (app, argument) =>
    makeEnsemble(app, argument, argument === undefined ? 'ask' : 'config'),
  'trainscope.compareEnsembles': (app, argument) => makeEnsemble(app, argument, 'compare'),
  'trainscope.openEnsemble': (app, argument) => app.making.desk.open(argument),
  'trainscope.stopEnsemble': (app, argument) => app.making.desk.stop(argument),
  'trainscope.resumeEnsemble': (app, argument) =>
    app.making.desk.resume(argument, { showProgress: argument === undefined }),
  'trainscope.deleteEnsemble': (app, argument) => app.making.desk.delete(argument),
  'trainscope.openSample': async (app) => {
    const config = await copySample(app.context.extensionUri, DIGITS);
    if (!config) return;
    await vscode.window.showTextDocument(config);
    app.walkthrough.opened(config);
  },
  'trainscope.openGraph': async (app, argument) => {
    const file = await pickGraph(argument, app.context.extensionUri);
    if (!file) return;
    // The formula stands beside its graph.
    if (!(argument instanceof vscode.Uri)) await vscode.window.showTextDocument(file);
    app.graphs.show(file);
  },
  'trainscope.breakSample': (app) => retrain(app, BROKEN_RATE),
  'trainscope.mendSample': (app) => retrain(app, MENDED_RATE),
};

/** Only what this extension itself passes gets this far. */
function isAtKey(argument: unknown): argument is Pick<FixRequest, 'uri' | 'finding'> {
  return typeof argument === 'object' && argument !== null && 'finding' in argument;
}

function isFixRequest(argument: unknown): argument is FixRequest {
  return isAtKey(argument) && 'fix' in argument;
}

/** Shows the config, and makes the edits of a fix in it. */
async function applyFix({ uri, finding, fix, version }: FixRequest): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preserveFocus: true });
  const { title, edits } = finding.fixes[fix]!;
  const vanished = vscode.l10n.t('The key that “{0}” would change is not there any more.', title);
  const refusal = fixEdit(document, edits)
    ? await applyConfigEdits(document, edits, version)
    : vanished;
  if (refusal) vscode.window.showWarningMessage(refusal);
}

async function makeEnsemble(
  app: Trainscope,
  argument: unknown,
  which: Which,
): Promise<Ensemble | null> {
  const config = await pickConfig(argument);
  return config && app.making.make(config, { which, showProgress: argument === undefined });
}

const ACTIVE = ['preparing', 'training', 'paused'] as const;

/** Stops whatever this window is at: a run, a sweep or an ensemble. */
async function stopAny(app: Trainscope, argument: unknown): Promise<void> {
  const { store, sweeps, ensembles, sidebar, sweeping, making } = app;
  const works = [...sweeping.desk.tree.selection, ...making.desk.tree.selection];
  const one = await pickOne<Run | Work>(argument, {
    is: (node) => node instanceof Run || node instanceof Work,
    all: [...store.active, ...sweeps.all, ...ensembles.all],
    selection: [...sidebar.selection, ...works],
    accepts: ({ isOurs }) => isOurs,
    none: vscode.l10n.t('Nothing is training in this window.'),
    which: vscode.l10n.t('What is to be stopped?'),
    item: (node) => (node instanceof Run ? runItem(node) : workItem(node)),
  });
  if (one instanceof Run) await stop(one.handle);
  else one?.job?.stop.abort();
}

const noRuns = () => vscode.l10n.t('There are no runs yet. Train a config first.');

function pick(app: Trainscope, argument: unknown, accepts: (run: Run) => boolean, none: string) {
  return pickRun(argument, { store: app.store, selection: app.sidebar.selection, accepts, none });
}

/** Acts on a run of ours that is in one of these states. */
async function control(
  app: Trainscope,
  argument: unknown,
  states: readonly string[],
  none: string,
  act: (run: Run) => Promise<void>,
): Promise<void> {
  const accepts = (run: Run) => run.handle !== null && states.includes(run.summary.state);
  const run = await pick(app, argument, accepts, none);
  if (run) await act(run);
}

async function askLearningRate(run: Run): Promise<number | null> {
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t('Learning rate of {0}', run.summary.name),
    prompt: vscode.l10n.t('Holds from the next step on; the config stays as it is.'),
    value: Number.isNaN(run.summary.learningRate) ? '' : formatNumber(run.summary.learningRate),
    validateInput: (text) =>
      Number(text) > 0 && Number.isFinite(Number(text))
        ? null
        : vscode.l10n.t('A learning rate is a number above 0, such as 1e-3.'),
  });
  return value === undefined ? null : Number(value);
}

async function confirmDelete(app: Trainscope, run: Run): Promise<void> {
  const { t } = vscode.l10n;
  const { name, startedAt } = run.summary;
  const question = t('Delete the run “{0}” of {1}?', name, new Date(startedAt).toLocaleString());
  const size = formatBytes(run.size);
  const detail = t('Its folder with {0} is removed for good: {1}', size, run.folder);
  if (await isToBeDeleted(question, detail)) await app.store.folders.delete(run);
}

/** The walkthrough's steps 3 and 4: one edit through the edit API, then a training. */
async function retrain(app: Trainscope, rate: number): Promise<void> {
  const config = await app.walkthrough.sample();
  if (!config) {
    const open = vscode.l10n.t('Open the Digits Sample');
    const message = vscode.l10n.t('The sample is not in this workspace yet. Open it first.');
    if ((await vscode.window.showInformationMessage(message, open)) === open)
      await vscode.commands.executeCommand('trainscope.openSample');
    return;
  }
  const document = await vscode.workspace.openTextDocument(config);
  await vscode.window.showTextDocument(document, { preserveFocus: true });
  const refusal = await applyConfigEdits(document, [rateEdit(rate)], document.version);
  if (refusal) {
    vscode.window.showWarningMessage(refusal);
    return;
  }
  await app.training.train(config, { showProgress: false });
  app.walkthrough.retrained(rate === BROKEN_RATE ? 'broken' : 'mended');
}
