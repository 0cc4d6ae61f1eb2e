import * as vscode from 'vscode';
import { Checker } from './checks/checker.ts';
import { CheckDiagnostics } from './checks/diagnostics.ts';
import { CheckOffer } from './checks/offer.ts';
import { CheckView } from './checks/view.ts';
import { HANDLERS } from './commands.ts';
import { setContext } from './context.ts';
import { Dashboards } from './dashboard/dashboards.ts';
import { EnsembleMaking } from './ensembles/making.ts';
import { EnsembleStore } from './ensembles/store.ts';
import { FindingActions } from './findings/code-actions.ts';
import { ConfigFindings } from './findings/config-findings.ts';
import { Verification } from './findings/verification.ts';
import { GraphLenses } from './graphs/code-lenses.ts';
import { GraphDiagnostics } from './graphs/diagnostics.ts';
import { GRAPH_SELECTOR } from './graphs/documents.ts';
import { GraphPanels } from './graphs/panels.ts';
import { COMMANDS, DASHBOARD, ENSEMBLE, GRAPH, SETTINGS, SWEEP } from './ids.ts';
import { ConfigAnalyses } from './language/analysis.ts';
import { ConfigLenses } from './language/code-lenses.ts';
import { ConfigCompletions } from './language/completions.ts';
import { ConfigDiagnostics } from './language/diagnostics.ts';
import { CONFIG_SELECTOR, ConfigDocuments, isConfigUri } from './language/documents.ts';
import { ConfigFacts } from './language/facts.ts';
import { ConfigHovers } from './language/hovers.ts';
import { LayerHints } from './language/inlay-hints.ts';
import { RunStore } from './runs/store.ts';
import { Sidebar } from './sidebar/sidebar.ts';
import { TrainingStatus } from './sidebar/status-bar.ts';
import { SweepStore } from './sweeps/store.ts';
import { Sweeping } from './sweeps/sweeping.ts';
import { Throttle } from './throttle.ts';
import { Training } from './training.ts';
import { Walkthrough } from './walkthrough.ts';

/** Behind these a value or a key may begin. */
const COMPLETION_TRIGGERS = [' ', ':', '[', '{', '"'];

/** The parts of the extension, and who hears about what. */
export class Trainscope {
  readonly context: vscode.ExtensionContext;
  readonly store: RunStore;
  readonly diagnostics: ConfigDiagnostics;
  readonly findings: ConfigFindings;
  readonly verification: Verification;
  readonly checker: Checker;
  readonly checks: CheckView;
  readonly offer: CheckOffer;
  readonly training: Training;
  readonly dashboards: Dashboards;
  readonly graphs: GraphPanels;
  readonly sweeps: SweepStore;
  readonly sweeping: Sweeping;
  readonly ensembles: EnsembleStore;
  readonly making: EnsembleMaking;
  readonly sidebar: Sidebar;
  readonly walkthrough: Walkthrough;
  readonly #facts: ConfigFacts;
  readonly #status: TrainingStatus;
  readonly #lenses: ConfigLenses;
  readonly #tellSoon = new Throttle(250, () => this.#tellOngoing());
  readonly #sweepChanged = new Throttle(250, () => this.#lenses.refresh());
  readonly #subscriptions: { dispose(): unknown }[];

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
    const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
    const documents = new ConfigDocuments();
    this.#facts = new ConfigFacts(vscode.Uri.joinPath(dist, 'facts.js').fsPath);
    const analyses = new ConfigAnalyses(documents, this.#facts);
    this.diagnostics = new ConfigDiagnostics(documents, analyses);
    this.store = new RunStore(vscode.Uri.joinPath(dist, 'worker.js').fsPath);
    this.sweeps = new SweepStore(this.store, {
      workerFile: vscode.Uri.joinPath(dist, 'worker.js').fsPath,
      cli: vscode.Uri.joinPath(dist, 'cli.js').fsPath,
    });
    this.ensembles = new EnsembleStore(this.store, vscode.Uri.joinPath(dist, 'worker.js').fsPath);
    this.findings = new ConfigFindings(documents, analyses, this.store, this.sweeps);
    this.verification = new Verification(this.store, documents);
    this.dashboards = new Dashboards(this.store, dist);
    this.graphs = new GraphPanels(dist);
    this.checks = new CheckView(documents);
    this.offer = new CheckOffer(analyses, context.workspaceState);
    const checked = new CheckDiagnostics(documents);
    this.checker = new Checker(documents, this.diagnostics, this.store, this.checks, checked);
    this.training = new Training(this.store, this.diagnostics, this.dashboards);
    this.sweeping = new Sweeping({
      store: this.sweeps,
      runs: this.store,
      training: this.training,
      dashboards: this.dashboards,
      documents,
      diagnostics: this.diagnostics,
      dist,
    });
    this.making = new EnsembleMaking({
      store: this.ensembles,
      dashboards: this.dashboards,
      documents,
      diagnostics: this.diagnostics,
      dist,
    });
    this.sidebar = new Sidebar(this.store, context.workspaceState);
    this.walkthrough = new Walkthrough(this.store);
    this.#status = new TrainingStatus(this.store, [this.sweeping.desk, this.making.desk]);
    this.#lenses = new ConfigLenses(this.store, this.sweeps, this.ensembles, documents);
    const kept = [this.store.folders, this.sweeps.folders, this.ensembles.folders];
    const { languages, window } = vscode;
    this.#subscriptions = [
      ...COMMANDS.map((id) =>
        vscode.commands.registerCommand(id, (argument?: unknown) => HANDLERS[id](this, argument)),
      ),
      languages.registerCodeLensProvider(CONFIG_SELECTOR, this.#lenses),
      languages.registerInlayHintsProvider(CONFIG_SELECTOR, new LayerHints(analyses)),
      languages.registerCodeActionsProvider(
        CONFIG_SELECTOR,
        new FindingActions(this.findings, documents),
        { providedCodeActionKinds: FindingActions.kinds },
      ),
      languages.registerHoverProvider(CONFIG_SELECTOR, new ConfigHovers()),
      languages.registerCompletionItemProvider(
        CONFIG_SELECTOR,
        new ConfigCompletions(),
        ...COMPLETION_TRIGGERS,
      ),
      languages.registerCodeActionsProvider(CONFIG_SELECTOR, checked, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
      languages.registerCodeLensProvider(GRAPH_SELECTOR, new GraphLenses()),
      window.registerWebviewPanelSerializer(DASHBOARD, this.dashboards),
      window.registerWebviewPanelSerializer(GRAPH, this.graphs),
      window.registerWebviewPanelSerializer(SWEEP, this.sweeping.desk.panels),
      window.registerWebviewPanelSerializer(ENSEMBLE, this.making.desk.panels),
      this.store.onDidChange((run) => this.sidebar.refresh(run)),
      this.store.onDidChange((run) => this.findings.refresh(run)),
      this.store.onDidChangeState(() => this.#lenses.refresh()),
      this.sweeps.onDidChange(() => this.#sweepChanged.request()),
      this.sweeps.onDidChange((sweep) => this.findings.refresh(sweep)),
      ...[this.store, this.sweeps, this.ensembles].map(({ onDidChange }) =>
        onDidChange(() => this.#tellSoon.request()),
      ),
      this.ensembles.onDidChange((ensemble) => {
        // Its epochs change nothing there.
        if (!ensemble?.job) this.#lenses.refresh();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(({ removed }) => {
        for (const folders of kept) {
          for (const { uri } of removed) folders.leave(uri.fsPath);
          void folders.scan();
        }
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        // Trials that wait for memory may have it now.
        if (event.affectsConfiguration(SETTINGS.memoryLimit)) this.store.memory();
      }),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => {
        if (isConfigUri(uri)) for (const folders of kept) void folders.watchBeside(uri);
      }),
      this.#tellSoon,
      this.#sweepChanged,
      this.#status,
      this.#lenses,
      this.checks,
      checked,
      this.sidebar,
      this.walkthrough,
      this.graphs,
      this.sweeping.desk,
      this.making.desk,
      new GraphDiagnostics(),
      this.diagnostics,
      this.findings,
      this.verification,
      analyses,
      documents,
    ];
    for (const folders of kept) void folders.scan();
  }

  /** Ends every run of this window and waits for the workers; nothing of ours is left behind. */
  async dispose(): Promise<void> {
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    await Promise.all([
      this.checker.dispose(),
      this.dashboards.dispose(),
      this.store.dispose(),
      this.sweeps.dispose(),
      this.ensembles.dispose(),
      this.#facts.dispose(),
    ]);
  }

  /** Says what this window is at, in the status bar and to the menus. */
  #tellOngoing(): void {
    const runs = this.store.active.filter(({ isOurs }) => isOurs);
    const paused = runs.filter(({ summary }) => summary.state === 'paused');
    const works = [...this.sweeps.all, ...this.ensembles.all].filter(({ isOurs }) => isOurs);
    setContext('trainscope.active', runs.length + works.length > 0);
    setContext('trainscope.training', runs.length > paused.length);
    setContext('trainscope.paused', paused.length > 0);
    this.#status.refresh();
  }
}
