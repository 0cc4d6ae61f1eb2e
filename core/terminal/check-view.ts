import type { Json } from '../events/finding.ts';
import type { Place } from '../events/user-error.ts';
import type { CheckResult } from '../sanity/check.ts';
import { formatLoss, formatPercent } from './format.ts';
import type { Paint } from './paint.ts';

const MARKS = { pass: '✓', warn: '!', fail: '✗', skip: '–' } as const;
const COLORS = { pass: 'train', warn: 'validation', fail: 'error', skip: 'faint' } as const;
const LABEL_WIDTH = 16;

/** A check's result for people: what was seen and, where something is wrong, where and what may help. */
export function checkLines(result: CheckResult, place: Place, paint: Paint): string[] {
  const { check, status, message, fixes, evidence } = result;
  const where = [place.file, place.line, place.column].filter((part) => part !== undefined);
  const isWrong = status === 'warn' || status === 'fail';
  return [
    `${paint(COLORS[status], MARKS[status])} ${check}: ${message}`,
    ...(check === 'activation-statistics' ? layerLines(evidence.layers ?? null) : []),
    ...(isWrong ? [`    ${paint('faint', where.join(':'))}`] : []),
    ...(isWrong ? fixes.map(({ title }) => `    → ${title}`) : []),
  ];
}

/** The table of what each layer puts out. */
function layerLines(layers: Json): string[] {
  if (!Array.isArray(layers)) return [];
  const rows = layers.flatMap((row) =>
    row !== null && typeof row === 'object' && !Array.isArray(row) ? [row] : [],
  );
  const cell = (value: Json | undefined, format: (value: number) => string) =>
    (typeof value === 'number' ? format(value) : '–').padStart(10);
  const title = ['mean', 'std', 'zero', 'saturated'].map((name) => name.padStart(10)).join(' ');
  return [
    `    ${''.padEnd(LABEL_WIDTH)} ${title}`,
    ...rows.map(
      ({ layer, mean, std, zeros, saturated }) =>
        `    ${String(layer).padEnd(LABEL_WIDTH)} ${cell(mean, formatLoss)} ${cell(std, formatLoss)} ${cell(zeros, formatPercent)} ${cell(saturated, formatPercent)}`,
    ),
  ];
}
