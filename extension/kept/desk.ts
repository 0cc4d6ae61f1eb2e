import * as vscode from 'vscode';
import type { WorkCommand } from '../../webview/work/protocol.ts';
import { isToBeDeleted } from '../confirm.ts';
import { formatBytes } from '../format.ts';
import type { ConfigDiagnostics } from '../language/diagnostics.ts';
import { openOrNull, savedConfig, showConfig } from '../language/opening.ts';
import { showProgress } from '../progress.ts';
import { tellRefusal } from '../refusal.ts';
import { reveal } from '../runs/reveal.ts';
import type { Ongoing } from '../sidebar/status-bar.ts';
import type { WorkKind } from './kind.ts';
import { pickOne, workItem } from './pick.ts';
import type { Works } from './store.ts';
import { WorkTree } from './tree.ts';
import type { Work } from './work.ts';
import type { CarryOut } from './work-panel.ts';
import { WorkPanels } from './work-panels.ts';

export interface DeskParts<W extends Work> {
  store: Works<W>;
  diagnostics: ConfigDiagnostics;
  dist: vscode.Uri;
}

/** Shows the works of a kind, does what is wished with them, and tells what became of them. */
export class WorkDesk<W extends Work, Wish extends { type: string }> implements vscode.Disposable {
  readonly tree: WorkTree<W>;
  readonly panels: WorkPanels<W, Wish>;
  readonly #kind: WorkKind<W>;
  readonly #store: Works<W>;
  readonly #diagnostics: ConfigDiagnostics;

  constructor(
    kind: WorkKind<W>,
    { store, diagnostics, dist }: DeskParts<W>,
    carryOut: CarryOut<W, Wish>,
  ) {
    this.#kind = kind;
    this.#store = store;
    this.#diagnostics = diagnostics;
    this.tree = new WorkTree(store, kind);
    this.panels = new WorkPanels(store, dist, kind, carryOut);
  }

  /** Those that this window is at. */
  ongoing(): Ongoing[] {
    const { open, words } = this.#kind;
    const { open: title, titleOf } = words();
    const ours = this.#store.all.filter(({ isOurs }) => isOurs);
    return ours.map((work) => ({
      text: `${titleOf(work.name)} · ${work.description}`,
      state: work.phaseName,
      isPaused: false,
      open: { command: open, title, arguments: [work] },
    }));
  }

  /** The work that a command is about. */
  pick(argument: unknown, accepts: (work: W) => boolean, none: string): Promise<W | null> {
    const { is, words } = this.#kind;
    const { which } = words();
    const { all } = this.#store;
    const { selection } = this.tree;
    return pickOne<W>(argument, { is, all, selection, accepts, none, which, item: workItem });
  }

  async open(argument: unknown): Promise<void> {
    const work = await this.pick(argument, () => true, this.#kind.words().noneYet);
    if (work) this.panels.show(work);
  }

  async stop(argument: unknown): Promise<void> {
    const work = await this.pick(argument, ({ isOurs }) => isOurs, this.#kind.words().noneActive);
    work?.job?.stop.abort();
  }

  /** Goes on with one that was stopped, with the config that it began with. */
  async resume(argument: unknown, options: { showProgress: boolean }): Promise<W | null> {
    const work = await this.pick(
      argument,
      ({ canGoOn }) => canGoOn,
      this.#kind.words().noneStopped,
    );
    if (!work) return null;
    const { config } = work;
    const document = await openOrNull(config);
    return this.follow(config, document, options, () => this.#store.goOn(work));
  }

  async delete(argument: unknown): Promise<void> {
    const words = this.#kind.words();
    const isOver = ({ isOurs, isElsewhere }: W) => !isOurs && !isElsewhere;
    const work = await this.pick(argument, isOver, words.noneOver);
    if (!work) return;
    const { name, startedAt, size, folder } = work;
    const question = words.delete(name, new Date(startedAt).toLocaleString());
    if (await isToBeDeleted(question, words.deleted(formatBytes(size), folder)))
      await this.#store.folders.delete(work);
  }

  async command(work: W, command: WorkCommand): Promise<void> {
    if (command === 'openConfig') await showConfig(work.config);
    else if (command === 'reveal') await reveal(work.folder);
    else if (command === 'resume') await this.resume(work, { showProgress: false });
    else await this.stop(work);
  }

  /**
   * Begins a work of a config as it stands in the editor, saved first; shows the one that goes on already. Resolves
   * when it has begun, or with null when it was refused; the reason is shown at its place.
   */
  async make(
    config: vscode.Uri,
    options: { showProgress: boolean },
    begin: (document: vscode.TextDocument) => Promise<W | null>,
  ): Promise<W | null> {
    const document = await savedConfig(config);
    if (!document) return null;
    const going = this.#store.of(config).find(({ isOurs }) => isOurs);
    if (!going) return this.follow(config, document, options, () => begin(document));
    this.panels.show(going);
    return going;
  }

  /** Shows a work from its beginning to its end. `document`: where its config stands, if it does. */
  async follow(
    config: vscode.Uri,
    document: vscode.TextDocument | null,
    options: { showProgress: boolean },
    begin: () => Promise<W | null>,
  ): Promise<W | null> {
    try {
      const work = await begin();
      if (!work) return null;
      this.panels.show(work);
      if (options.showProgress) void this.#showProgress(work);
      void this.#report(work);
      return work;
    } catch (error) {
      await tellRefusal(this.#diagnostics, config, document, error);
      return null;
    }
  }

  dispose(): void {
    this.panels.dispose();
    this.tree.dispose();
  }

  async #showProgress(work: W): Promise<void> {
    await showProgress({
      title: this.#kind.words().heading(work.name),
      of: work,
      changed: this.#store.onDidChange,
      look: () => ({ share: work.share, message: work.description }),
      done: Promise.resolve(work.job?.done),
      cancel: () => work.job?.stop.abort(),
    });
  }

  /** What came of it, unless its view says so already. */
  async #report(work: W): Promise<void> {
    await work.job?.done;
    const { open, failed, done } = this.#kind.words();
    const { name, message, phase, description } = work;
    const { showErrorMessage, showInformationMessage } = vscode.window;
    let chosen: string | undefined;
    if (message) chosen = await showErrorMessage(failed(name, message), open);
    else if (phase === 'completed' && !this.panels.at(work)?.panel.visible)
      chosen = await showInformationMessage(done(name, description), open);
    if (chosen === open) this.panels.show(work);
  }
}
