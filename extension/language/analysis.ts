import * as vscode from 'vscode';
import type { Config, ParsedConfig, Problem } from '../../core/config/index.ts';
import type { ConfigPath, Finding } from '../../core/events/finding.ts';
import type { RuleId } from '../../core/events/rule-ids.ts';
import type { LayerShape } from '../../core/network/shapes.ts';
import { loadCore } from '../load-core.ts';
import type { ConfigDocuments } from './documents.ts';
import { type ConfigFacts, Superseded } from './facts.ts';
import type { DataFacts } from './facts-protocol.ts';

/** All that is known about one version of a config without training it. */
export interface Analysis {
  parsed: ParsedConfig;
  facts: DataFacts | null;
  /** Empty while the config or its data has an error. */
  shapes: LayerShape[];
  problems: Problem[];
  /** What the rules say of the config and its data; null while it has an error. */
  findings: Finding[] | null;
}

/** Parses, looks at the data and infers shapes: once for each version of a document. */
export class ConfigAnalyses implements vscode.Disposable {
  readonly #documents: ConfigDocuments;
  readonly #facts: ConfigFacts;
  readonly #closing: vscode.Disposable;

  constructor(documents: ConfigDocuments, facts: ConfigFacts) {
    this.#documents = documents;
    this.#facts = facts;
    this.#closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => facts.forget(uri));
  }

  async of(document: vscode.TextDocument): Promise<Analysis> {
    const parsed = this.#documents.parse(document);
    const { config } = parsed;
    const problems = [...parsed.problems];
    const none = { parsed, facts: null, shapes: [], problems, findings: null };
    if (!config) return none;
    const answer = await this.#ask(document.uri, config);
    if (!answer) return none;
    if (!answer.ok) {
      problems.push(problemAt(parsed, answer.place.path ?? ['data'], answer.message));
      return none;
    }
    const { facts } = answer;
    const { defaultLoss, findingsOfShapes, inferShapes, outputMismatch, UserError } = loadCore();
    let shapes: LayerShape[];
    try {
      shapes = inferShapes(config.model.layers, facts.shape);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { path = ['model', 'layers'], rule } = error.place;
      problems.push(problemAt(parsed, path, error.message, rule));
      return { ...none, facts };
    }
    const loss = config.loss ?? defaultLoss(facts.task);
    const mismatch = outputMismatch(shapes, facts, loss.type);
    if (mismatch) problems.push(problemAt(parsed, mismatch.path, mismatch.message));
    const findings = mismatch
      ? null
      : findingsOfShapes({ config, configText: document.getText() }, shapes, facts);
    return { parsed, facts, shapes, problems, findings };
  }

  dispose(): void {
    this.#closing.dispose();
  }

  async #ask(uri: vscode.Uri, config: Config) {
    if (uri.scheme !== 'file') return null;
    try {
      return await this.#facts.of(uri, config);
    } catch (error) {
      if (error instanceof Superseded) return null;
      throw error;
    }
  }
}

/** An error at a key of the config, or at the nearest key above it that the text has. */
export function problemAt(
  parsed: ParsedConfig,
  path: ConfigPath,
  message: string,
  rule?: RuleId,
): Problem {
  return { message, path, range: parsed.locateNearest(path, 'value'), severity: 'error', rule };
}
