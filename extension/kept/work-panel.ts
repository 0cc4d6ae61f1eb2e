import * as vscode from 'vscode';
import type { Taken } from '../../webview/protocol.ts';
import { openPage } from '../dashboard/html.ts';
import { handOut, isTaken } from '../dashboard/save.ts';
import { messageOf } from '../format.ts';
import { Throttle } from '../throttle.ts';
import type { Page, WorkKind } from './kind.ts';
import type { View } from './panels.ts';
import type { Work } from './work.ts';

/** Updates of a visible view: at most 5 a second. */
const INTERVAL = 200;

/** Does what the user wishes in the view of a work; `post` answers there. */
export type CarryOut<W extends Work, Wish> = (
  work: W,
  wish: Wish,
  post: (answer: object) => void,
) => Promise<unknown>;

/** The host's side of one view: sends everything when it appears, news while it is visible, else nothing. */
export class WorkPanel<W extends Work, Wish extends { type: string }> implements View {
  readonly panel: vscode.WebviewPanel;
  readonly #work: W;
  readonly #page: Page<W>;
  readonly #carryOut: CarryOut<W, Wish>;
  #ready = false;
  readonly #send = new Throttle(INTERVAL, () => this.#post(this.#page.news(this.#work)));
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    panel: vscode.WebviewPanel,
    dist: vscode.Uri,
    work: W,
    kind: WorkKind<W>,
    carryOut: CarryOut<W, Wish>,
  ) {
    this.panel = panel;
    this.#work = work;
    this.#page = kind.page;
    this.#carryOut = carryOut;
    panel.title = kind.words().titleOf(work.name);
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message) => this.#hear(message)),
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away; when it shows again, it says `ready` again.
        if (!panel.visible) this.#ready = false;
      }),
    ];
    openPage(panel, dist, kind.page.bundle);
  }

  /** It has news. */
  refresh(): void {
    if (this.#ready) this.#send.request();
  }

  /** All of it is told again. */
  reset(): void {
    if (this.#ready) this.#post(this.#page.whole(this.#work));
  }

  dispose(): void {
    this.#ready = false;
    this.#send.dispose();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    this.panel.dispose();
  }

  #hear(message: Wish | Taken | { type: 'ready' }): void {
    const work = this.#work;
    if (message.type === 'ready') {
      this.#ready = true;
      this.reset();
    } else if (isTaken(message)) handOut({ id: work.id, file: work.config }, message);
    else
      this.#carryOut(work, message as Wish, (answer) => this.#post(answer)).catch(
        (error: unknown) => vscode.window.showErrorMessage(messageOf(error)),
      );
  }

  #post(message: object | null): void {
    if (this.#ready && message) void this.panel.webview.postMessage(message);
  }
}
