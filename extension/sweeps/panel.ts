import * as vscode from 'vscode';
import type { FromSweep, SweepFacts, ToSweep } from '../../webview/sweep/protocol.ts';
import { viewHtml } from '../dashboard/html.ts';
import { handOut } from '../dashboard/save.ts';
import { loadCore } from '../load-core.ts';
import { formatTime, titleOf } from '../sidebar/runs.ts';
import { Throttle } from '../throttle.ts';
import type { Sweep } from './sweep.ts';

/** Updates of a visible view: at most 5 a second. */
const INTERVAL = 200;

/** What the user does in the view of a sweep. */
export type SweepWish = Exclude<
  FromSweep,
  { type: 'ready' | 'curves' | 'save' | 'copy' | 'notSaved' }
>;

/** The host's side of one view: sends everything when it appears, news while it is visible, else nothing. */
export class SweepPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly sweep: Sweep;
  readonly #wished: (wish: SweepWish) => void;
  #ready = false;
  readonly #send = new Throttle(INTERVAL, () => this.#update());
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    panel: vscode.WebviewPanel,
    dist: vscode.Uri,
    sweep: Sweep,
    wished: (wish: SweepWish) => void,
  ) {
    this.panel = panel;
    this.sweep = sweep;
    this.#wished = wished;
    panel.title = vscode.l10n.t('{0} sweep', sweep.started.name);
    panel.iconPath = vscode.Uri.joinPath(dist, '..', 'extension', 'media', 'dashboard.svg');
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: FromSweep) => this.#hear(message)),
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away; when it shows again, it says `ready` again.
        if (!panel.visible) this.#ready = false;
      }),
    ];
    panel.webview.html = viewHtml(panel.webview, dist, 'sweep');
  }

  /** It has news. */
  refresh(): void {
    if (this.#ready) this.#send.request();
  }

  /** All of it is told again. */
  reset(): void {
    if (this.#ready) this.#hydrate();
  }

  dispose(): void {
    this.#ready = false;
    this.#send.dispose();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    this.panel.dispose();
  }

  #hear(message: FromSweep): void {
    const { feed } = this.sweep;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#hydrate();
        break;
      case 'curves':
        if (this.#ready && feed)
          this.#post({ type: 'curves', curves: feed.curves(message.places) });
        break;
      case 'save':
      case 'copy':
      case 'notSaved':
        handOut({ id: this.sweep.id, file: this.sweep.config }, message);
        break;
      default:
        this.#wished(message);
    }
  }

  #hydrate(): void {
    const { feed } = this.sweep;
    if (feed)
      this.#post({ type: 'hydrate', facts: sweepFacts(this.sweep), trials: feed.everything() });
    else this.#post({ type: 'unreadable', message: this.sweep.message ?? '' });
  }

  #update(): void {
    const { feed } = this.sweep;
    if (!this.#ready || !feed) return;
    this.#post({ type: 'update', facts: sweepFacts(this.sweep), trials: feed.news() });
  }

  #post(message: ToSweep): void {
    void this.panel.webview.postMessage(message);
  }
}

/** What a view shows of a sweep, but for its trials. */
function sweepFacts(sweep: Sweep): SweepFacts {
  const { folder, started, phase, message, findings, asks, job, feed } = sweep;
  const proposal = job?.next?.proposal;
  return {
    ...feed!.facts(),
    id: folder,
    name: `${started.name} · ${formatTime(started.startedAt)}`,
    phase,
    message,
    findings: findings.map(({ rule, severity, path, message, fixes }) => ({
      rule,
      title: titleOf(rule),
      severity,
      path,
      step: null,
      message,
      fixes: fixes.map(({ title }) => title),
    })),
    asks,
    next: proposal ? { stage: proposal.stage, ranges: loadCore().rangesOf(proposal.space) } : null,
  };
}
