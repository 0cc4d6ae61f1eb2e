import type { Finding } from '../events/finding.ts';
import { jsonLine } from '../events/json-line.ts';
import type { ConfigSource } from './config-source.ts';
import type { Paint } from './paint.ts';

/** `digits.train.yaml:20:3 error what is wrong (learning-rate-high)`. */
export function findingLine(
  { rule, severity, path, message }: Finding,
  source: Pick<ConfigSource, 'locate'>,
  paint: Paint,
): string {
  const { file, line, column } = source.locate(path);
  const word = severity === 'info' ? severity : paint(severity, severity);
  return `${file}:${line}:${column} ${word} ${message} (${rule})`;
}

/** The same as a line of JSON. */
export function findingJson(finding: Finding, source: Pick<ConfigSource, 'locate'>): string {
  return jsonLine({ type: 'finding', ...finding, ...source.locate(finding.path) });
}
