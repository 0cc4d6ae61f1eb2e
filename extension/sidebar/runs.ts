import * as vscode from 'vscode';
import type { Finding, Severity } from '../../core/events/finding.ts';
import type { RuleId } from '../../core/events/rule-ids.ts';
import type { RunState } from '../../webview/protocol.ts';
import { formatBytes, formatFraction, formatNumber } from '../format.ts';
import type { CommandId, ViewItem } from '../ids.ts';
import { configName } from '../language/documents.ts';
import { loadCore } from '../load-core.ts';
import type { Run } from '../runs/run.ts';
import type { RunStore } from '../runs/store.ts';
import { measuredQuality } from '../runs/summary.ts';
import { sparkline } from './sparkline.ts';

/** Stands for the runs of one config, whichever these are when it is asked. */
export interface RunGroup {
  groupOf: vscode.Uri;
}

/** Something found in a run. */
export interface FindingNode {
  uri: vscode.Uri;
  run: Run;
  finding: Finding;
}

export type RunNode = Run | RunGroup | FindingNode;

const isGroup = (node: RunNode): node is RunGroup => 'groupOf' in node;
const isFinding = (node: RunNode): node is FindingNode => 'finding' in node;

const SPARKLINE_WIDTH = 8;
const SMALLEST_LOSS = 1e-12;

const ICONS: { [S in RunState]: [icon: string, color: string | null] } = {
  preparing: ['loading~spin', null],
  training: ['sync~spin', 'charts.blue'],
  paused: ['debug-pause', 'charts.yellow'],
  completed: ['pass', 'charts.green'],
  diverged: ['flame', 'charts.red'],
  stopped: ['stop-circle', null],
  failed: ['error', 'charts.red'],
  interrupted: ['debug-disconnect', 'charts.yellow'],
};

/** The runs of this workspace, grouped by config or as one list, newest first. */
export class RunTree implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  readonly #store: RunStore;
  readonly #changed = new vscode.EventEmitter<RunNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #byTime = false;
  /** By config: a group stays the same object, so that the editor knows it again. */
  readonly #groups = new Map<string, RunGroup>();

  readonly #findings = new WeakMap<Run, { of: readonly Finding[]; nodes: FindingNode[] }>();

  constructor(store: RunStore) {
    this.#store = store;
  }

  get byTime(): boolean {
    return this.#byTime;
  }

  set byTime(value: boolean) {
    this.#byTime = value;
    this.#changed.fire(undefined);
  }

  /** Draws one run anew, or all of them. */
  refresh(run: Run | null): void {
    this.#changed.fire(run ?? undefined);
  }

  getChildren(node?: RunNode): RunNode[] {
    if (node && isFinding(node)) return [];
    if (node && !isGroup(node)) return this.#findingsOf(node);
    if (node) return this.#store.of(node.groupOf);
    const { runs } = this.#store;
    return this.#byTime ? [...runs] : [...new Set(runs.map(({ config }) => this.#groupOf(config)))];
  }

  getParent(node: RunNode): RunNode | undefined {
    if (isFinding(node)) return node.run;
    return isGroup(node) || this.#byTime ? undefined : this.#groupOf(node.config);
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    if (isFinding(node)) return findingItem(node);
    return isGroup(node)
      ? groupItem(node, this.#store.of(node.groupOf))
      : runItem(node, this.#byTime);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** The same objects as long as these are the same findings: the editor knows them again. */
  #findingsOf(run: Run): FindingNode[] {
    const { findings } = run.summary;
    const known = this.#findings.get(run);
    if (known?.of === findings) return known.nodes;
    const nodes = findings.map((finding) => ({ uri: run.config, run, finding }));
    this.#findings.set(run, { of: findings, nodes });
    return nodes;
  }

  #groupOf(config: vscode.Uri): RunGroup {
    const key = config.toString();
    const group = this.#groups.get(key) ?? { groupOf: config };
    this.#groups.set(key, group);
    return group;
  }
}

function groupItem({ groupOf: config }: RunGroup, runs: readonly Run[]): vscode.TreeItem {
  const item = new vscode.TreeItem(
    configName(config.path),
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = config.toString();
  item.iconPath = new vscode.ThemeIcon('settings');
  item.description = diskUse(runs);
  item.tooltip = vscode.workspace.asRelativePath(config);
  return item;
}

/** Empty until the disk has been looked at. */
export function diskUse(runs: readonly Run[]): string {
  const bytes = runs.reduce((sum, { size }) => sum + size, 0);
  return bytes > 0 ? formatBytes(bytes) : '';
}

function runItem(run: Run, withConfig: boolean): vscode.TreeItem {
  const { summary } = run;
  const time = formatTime(summary.startedAt);
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(
    withConfig ? `${summary.name} · ${time}` : time,
    summary.findings.length > 0 ? Collapsed : None,
  );
  const [icon, color] = ICONS[summary.state];
  item.id = run.folder;
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  item.description = describe(run);
  item.tooltip = tooltip(run);
  item.contextValue = run.viewItem;
  item.accessibilityInformation = {
    label: `${summary.name}, ${stateName(summary.state)}, ${item.description}`,
  };
  const command: CommandId = 'trainscope.openDashboard';
  item.command = { command, title: vscode.l10n.t('Open Dashboard'), arguments: [run] };
  return item;
}

const SEVERITY_ICONS: { [S in Severity]: [icon: string, color: string] } = {
  error: ['error', 'problemsErrorIcon.foreground'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  info: ['info', 'problemsInfoIcon.foreground'],
};

/** What a rule finds, in words. */
export function titleOf(rule: string): string {
  return loadCore().RULES[rule as RuleId]?.title ?? rule;
}

function findingItem(node: FindingNode): vscode.TreeItem {
  const { severity, rule, path, message } = node.finding;
  const item = new vscode.TreeItem(titleOf(rule));
  const [icon, color] = SEVERITY_ICONS[severity];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.description = path.join('.');
  item.tooltip = message;
  const viewItem: ViewItem = 'finding';
  item.contextValue = viewItem;
  item.accessibilityInformation = { label: `${severity}: ${message}` };
  const command: CommandId = 'trainscope.openFinding';
  item.command = { command, title: vscode.l10n.t('Open in Config'), arguments: [node] };
  return item;
}

/** e.g. `0.953 ▇▅▃▂▁ 12.4/20 · loss 0.1708`: what matters most first, since the end is cut off. */
function describe({ summary }: Run): string {
  if (summary.state === 'preparing') return vscode.l10n.t('preparing');
  const quality = measuredQuality(summary);
  const course = [
    Number.isNaN(quality) ? '' : formatFraction(quality),
    lossCourse(summary.losses),
    `${formatEpoch(summary.epoch)}/${summary.epochs}`,
  ].filter((part) => part !== '');
  // A loss before the first step is none; one that is NaN later says what happened.
  const loss = summary.step > 0 ? [vscode.l10n.t('loss {0}', formatNumber(summary.loss))] : [];
  return [course.join(' '), ...loss].join(' · ');
}

/** On a log scale, as the dashboard draws it: else the first epochs hide all others. */
function lossCourse(losses: readonly number[]): string {
  const logs = losses.map((loss) => Math.log(Math.max(loss, SMALLEST_LOSS)));
  return sparkline(logs, SPARKLINE_WIDTH);
}

function tooltip(run: Run): vscode.MarkdownString {
  const { summary } = run;
  const quality = measuredQuality(summary);
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${plain(summary.name)}** · ${stateName(summary.state)}\n\n`);
  for (const said of [summary.message, summary.damage?.message])
    if (said) text.appendMarkdown(`${plain(said)}\n\n`);
  text.appendMarkdown(
    [
      vscode.l10n.t('started {0}', new Date(summary.startedAt).toLocaleString()),
      vscode.l10n.t('epoch {0} of {1}', formatEpoch(summary.epoch), summary.epochs),
      vscode.l10n.t('train loss {0}', formatNumber(summary.loss)),
      ...(Number.isNaN(quality) ? [] : [`${qualityName(run)} ${formatFraction(quality)}`]),
      ...(run.size > 0 ? [vscode.l10n.t('{0} on disk', formatBytes(run.size))] : []),
    ]
      .map(plain)
      .join('  \n'),
  );
  return text;
}

/** Text in Markdown; `appendText` would forbid to break its lines between words. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+\-.!~|&$]/g, '\\$&');
}

export function qualityName({ summary }: Pick<Run, 'summary'>): string {
  return summary.task === 'classification' ? vscode.l10n.t('accuracy') : 'R²';
}

/** A tenth of an epoch matters only while there are few. */
export function formatEpoch(epoch: number): string {
  return Number.isInteger(epoch) || epoch >= 100 ? String(Math.floor(epoch)) : epoch.toFixed(1);
}

export function stateName(state: RunState): string {
  switch (state) {
    case 'preparing':
      return vscode.l10n.t('preparing');
    case 'training':
      return vscode.l10n.t('training');
    case 'paused':
      return vscode.l10n.t('paused');
    case 'completed':
      return vscode.l10n.t('completed');
    case 'diverged':
      return vscode.l10n.t('diverged');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'interrupted':
      return vscode.l10n.t('interrupted');
  }
}

/** Today's runs by the time of day, older ones with their date. */
export function formatTime(time: number): string {
  const date = new Date(time);
  const clock = date.toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return date.toDateString() === new Date().toDateString()
    ? clock
    : `${date.toLocaleDateString([], { month: 'short', day: 'numeric' })} ${clock}`;
}
