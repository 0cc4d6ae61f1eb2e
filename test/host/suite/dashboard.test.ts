import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { Dashboard } from '../../../extension/dashboard/dashboard.ts';
import { DASHBOARD } from '../../../extension/ids.ts';
import type { Run } from '../../../extension/runs/run.ts';
import type { Trainscope } from '../../../extension/trainscope.ts';
import { DEFAULT_SETTINGS, type ToView, type ViewSettings } from '../../../webview/protocol.ts';
import { cleanUp, openSample, start, trainscope, until } from './workbench.ts';

type Hydrate = Extract<ToView, { type: 'hydrate' }>;

/** Everything that the host posts to a dashboard's view from now on, which still receives it. */
function overhear({ panel }: Dashboard): ToView[] {
  const posted: ToView[] = [];
  const { webview } = panel;
  const post = webview.postMessage.bind(webview);
  webview.postMessage = (message: ToView) => {
    posted.push(message);
    return post(message);
  };
  return posted;
}

const hydrated = (posted: readonly ToView[]) =>
  until('the view is sent everything', () =>
    posted.find((message): message is Hydrate => message.type === 'hydrate'),
  );

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the dashboard', () => {
  let app: Trainscope;
  let run: Run;
  let dashboard: Dashboard;
  let posted: ToView[];
  before(async () => {
    app = await trainscope();
  });
  beforeEach(async () => {
    run = await start('watched.train.yaml');
    await vscode.commands.executeCommand('trainscope.openDashboard', run);
    dashboard = app.dashboards.at(run.runsFolder)!;
    posted = overhear(dashboard);
  });
  afterEach(cleanUp);

  it('opens beside the config, and is sent everything, then what is new, ten times a second', async () => {
    assert.notEqual(dashboard.panel.viewColumn, vscode.window.activeTextEditor!.viewColumn);
    const { focus, runs, settings } = await hydrated(posted);
    assert.equal(focus, run.id);
    assert.deepEqual(settings.xAxis, DEFAULT_SETTINGS.xAxis);
    const own = runs.find(({ header }) => header.id === run.id)!;
    assert.ok(own.header.numbers instanceof Float64Array);
    posted.length = 0;
    await pause(1000);
    const updates = posted.filter(({ type }) => type === 'update');
    assert.ok(updates.length >= 3 && updates.length <= 11, `${updates.length} updates in a second`);
    const arrays = updates
      .flatMap((message) => (message.type === 'update' ? message.runs : []))
      .flatMap(({ series }) => series);
    assert.ok(arrays.length > 0, 'no curve moved');
  });

  it('is sent nothing while it is hidden, and everything when it shows again', async () => {
    const { panel } = dashboard;
    // VS Code may forget a page that is hidden while it is still loading it.
    await hydrated(posted);
    // Until VS Code has told, it is "beside".
    const viewColumn = await until('it stands in a column', () => {
      const { viewColumn: column } = panel;
      return column !== undefined && column > 0 && column;
    });
    const document = await openSample('digits.train.yaml');
    await vscode.window.showTextDocument(document, { viewColumn });
    await until('it is hidden', () => !panel.visible);
    posted.length = 0;
    const { step } = run.summary;
    await pause(500);
    assert.ok(run.summary.step > step, 'nothing happened meanwhile');
    assert.deepEqual(posted, []);
    assert.equal(dashboard.isShowing(run), false);
    panel.reveal();
    const { runs } = await hydrated(posted);
    const { series } = runs.find(({ header }) => header.id === run.id)!;
    assert.ok(series.length > 0, 'its curves are missing');
    assert.equal(dashboard.isShowing(run), true);
  });

  it('is restored after a reload of the window, with its settings', async () => {
    dashboard.panel.dispose();
    await until('it is closed', () => !app.dashboards.at(run.runsFolder));
    const panel = vscode.window.createWebviewPanel(DASHBOARD, '', vscode.ViewColumn.Two);
    const settings: ViewSettings = {
      tab: 'curves',
      xAxis: 'steps',
      logLoss: false,
      smoothing: 0.5,
      hidden: [],
    };
    // This is what VS Code does with the state that the view has saved.
    await app.dashboards.deserializeWebviewPanel(panel, { settings, focus: run.id });
    const restored = app.dashboards.at(run.runsFolder)!;
    const again = await hydrated(overhear(restored));
    assert.deepEqual(again.settings, settings);
    assert.equal(again.focus, run.id);
    assert.equal(restored.panel, panel);
    assert.equal(panel.title, run.summary.name);
  });
});
