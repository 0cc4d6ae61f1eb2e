import * as vscode from 'vscode';
import type { EnsembleMethod } from '../../core/config/index.ts';
import type { FromEnsemble } from '../../webview/ensemble/protocol.ts';
import type { Taken } from '../../webview/protocol.ts';
import type { Dashboards } from '../dashboard/dashboards.ts';
import { type DeskParts, WorkDesk } from '../kept/desk.ts';
import type { ConfigDocuments } from '../language/documents.ts';
import { loadCore } from '../load-core.ts';
import type { Ensemble } from './ensemble.ts';
import { ENSEMBLES } from './kind.ts';
import { pickMethod } from './methods.ts';
import type { EnsembleStore } from './store.ts';

interface Parts extends DeskParts<Ensemble> {
  store: EnsembleStore;
  dashboards: Dashboards;
  documents: ConfigDocuments;
}

type EnsembleWish = Exclude<FromEnsemble, Taken | { type: 'ready' }>;

/** `ask`: the user chooses; `compare`: all that apply; `config`: the method that the config names, or the usual one. */
export type Which = 'ask' | 'compare' | 'config';

/** Makes ensembles, and does what is wished in their views. */
export class EnsembleMaking {
  readonly desk: WorkDesk<Ensemble, EnsembleWish>;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.desk = new WorkDesk(ENSEMBLES, parts, (ensemble, wish) =>
      wish.type === 'open'
        ? this.open(ensemble, wish.members)
        : this.desk.command(ensemble, wish.command),
    );
  }

  /**
   * Makes an ensemble of a config as it stands in the editor, saved first. Resolves when it has begun, or with
   * null when it was refused; the reason is shown at its place.
   */
  make(
    config: vscode.Uri,
    { which, showProgress }: { which: Which; showProgress: boolean },
  ): Promise<Ensemble | null> {
    const { store, documents } = this.#parts;
    return this.desk.make(config, { showProgress }, async (document) => {
      const parsed = documents.parse(document).config;
      const chosen = which === 'ask' && parsed ? await pickMethod(parsed) : which;
      if (chosen === null) return null;
      return store.make(config, textFor(document, chosen), chosen === 'compare');
    });
  }

  /** Shows the runs of members in one dashboard; the first has the focus. */
  async open({ state }: Ensemble, members: readonly number[]): Promise<void> {
    const folders = members.flatMap((number) => state.members.get(number)?.run ?? []);
    const none = vscode.l10n.t('The runs of these members are not there any more.');
    await this.#parts.dashboards.compare(folders, none);
  }
}

/** The config, but for the method where the user has chosen one. */
function textFor(document: vscode.TextDocument, chosen: Which | EnsembleMethod): string {
  const text = document.getText();
  const { applyEdits, ENSEMBLE_METHODS, replaceAll } = loadCore();
  const method = ENSEMBLE_METHODS.find((one) => one === chosen);
  if (!method) return text;
  const edit = { path: ['ensemble', 'method'], value: method };
  return replaceAll(text, applyEdits(text, document.uri.path, [edit]));
}
