import * as vscode from 'vscode';
import type { EnsembleEvent } from '../../core/ensemble/protocol.ts';
import type {
  EnsembleCommand,
  EnsembleFacts,
  FromEnsemble,
  ToEnsemble,
} from '../../webview/ensemble/protocol.ts';
import { viewHtml } from '../dashboard/html.ts';
import { handOut } from '../dashboard/save.ts';
import { loadCore } from '../load-core.ts';
import { formatTime } from '../sidebar/runs.ts';
import { Throttle } from '../throttle.ts';
import type { Ensemble } from './ensemble.ts';

/** Updates of a visible view: at most 5 a second. */
const INTERVAL = 200;

/** What the user does in the view of an ensemble. */
export interface EnsembleActions {
  command(ensemble: Ensemble, command: EnsembleCommand): unknown;
  open(ensemble: Ensemble, members: readonly number[]): unknown;
}

/** The host's side of one view: sends everything when it appears, news while it is visible, else nothing. */
export class EnsemblePanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly ensemble: Ensemble;
  readonly #actions: EnsembleActions;
  #ready = false;
  /** What is to be told: of the epochs of a member, the last. */
  #news: EnsembleEvent[] = [];
  readonly #send = new Throttle(INTERVAL, () => this.#update());
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    panel: vscode.WebviewPanel,
    dist: vscode.Uri,
    ensemble: Ensemble,
    actions: EnsembleActions,
  ) {
    this.panel = panel;
    this.ensemble = ensemble;
    this.#actions = actions;
    panel.title = vscode.l10n.t('{0} ensemble', ensemble.name);
    panel.iconPath = vscode.Uri.joinPath(dist, '..', 'extension', 'media', 'dashboard.svg');
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: FromEnsemble) => this.#hear(message)),
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away; when it shows again, it says `ready` again.
        if (!panel.visible) this.#ready = false;
      }),
    ];
    panel.webview.html = viewHtml(panel.webview, dist, 'ensemble');
  }

  tell(event: EnsembleEvent): void {
    if (!this.#ready) return;
    if (event.type === 'progress')
      this.#news = this.#news.filter(
        (other) => other.type !== 'progress' || other.number !== event.number,
      );
    this.#news.push(event);
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

  #hear(message: FromEnsemble): void {
    const { id, config } = this.ensemble;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#hydrate();
        break;
      case 'command':
        this.#actions.command(this.ensemble, message.command);
        break;
      case 'open':
        this.#actions.open(this.ensemble, message.members);
        break;
      default:
        handOut({ id, file: config }, message);
    }
  }

  #hydrate(): void {
    this.#news = [];
    this.#post('hydrate', this.ensemble.state.events());
  }

  #update(): void {
    if (this.#ready) this.#post('update', this.#news.splice(0));
  }

  #post(type: ToEnsemble['type'], events: readonly EnsembleEvent[]): void {
    const lines = events.map(loadCore().jsonLine);
    const message: ToEnsemble = { type, facts: factsOf(this.ensemble), lines };
    void this.panel.webview.postMessage(message);
  }
}

function factsOf({ folder, name, startedAt, phase, message }: Ensemble): EnsembleFacts {
  return { id: folder, name: `${name} · ${formatTime(startedAt)}`, phase, message };
}
