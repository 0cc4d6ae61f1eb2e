import * as vscode from 'vscode';
import type { LayerShape } from '../../core/network/shapes.ts';
import { formatCount, formatShape } from '../format.ts';
import type { ConfigAnalyses } from './analysis.ts';
import { toRange } from './positions.ts';

/** Beside each layer its shapes and parameter count, and the total beside `layers:`. */
export class LayerHints implements vscode.InlayHintsProvider {
  readonly #analyses: ConfigAnalyses;

  constructor(analyses: ConfigAnalyses) {
    this.#analyses = analyses;
  }

  async provideInlayHints(
    document: vscode.TextDocument,
    visible: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[]> {
    const { version } = document;
    const { parsed, shapes } = await this.#analyses.of(document);
    if (token.isCancellationRequested || document.version !== version) return [];
    const hints: vscode.InlayHint[] = [];
    const add = (
      path: readonly (string | number)[],
      part: 'key' | 'value',
      label: string,
      tooltip: string,
    ) => {
      const range = parsed.locate(path, part);
      if (!range) return;
      const { start, end: last } = toRange(range);
      // A block reaches down to the next key: its hint stands on its first line, before a comment.
      const lineEnd = textEnd(document, start.line);
      const end = part === 'value' && last.isBefore(lineEnd) ? last : lineEnd;
      if (!visible.contains(end)) return;
      const hint = new vscode.InlayHint(end, label);
      hint.paddingLeft = true;
      hint.tooltip = tooltip;
      hints.push(hint);
    };
    for (const shape of shapes) add(shape.path, 'value', layerText(shape), layerTooltip(shape));
    if (shapes.length > 0) {
      const total = shapes.reduce((sum, { parameterCount }) => sum + parameterCount, 0);
      const text = vscode.l10n.t('{0} parameters', formatCount(total));
      add(
        ['model', 'layers'],
        'key',
        text,
        vscode.l10n.t('Numbers that the optimizer learns, all layers together'),
      );
    }
    return hints;
  }
}

/** e.g. `8×8×1 → 100 · 6,500`; a layer that changes no shape shows it once. */
function layerText({ inputShape, outputShape, parameterCount }: LayerShape): string {
  const input = formatShape(inputShape);
  const output = formatShape(outputShape);
  const shapes = input === output ? output : `${input} → ${output}`;
  return parameterCount > 0 ? `${shapes} · ${formatCount(parameterCount)}` : shapes;
}

function layerTooltip({ label, parameters, inputShape, outputShape }: LayerShape): string {
  const lines = [
    vscode.l10n.t(
      '{0}: input {1}, output {2}',
      label,
      formatShape(inputShape),
      formatShape(outputShape),
    ),
    ...parameters.map(({ name, shape }) => `${name} ${formatShape(shape)}`),
  ];
  return lines.join('\n');
}

function textEnd(document: vscode.TextDocument, line: number): vscode.Position {
  return new vscode.Position(line, document.lineAt(line).text.replace(/\s+(#.*)?$/, '').length);
}
