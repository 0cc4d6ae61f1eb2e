import type { DataPlace } from '../events/finding.ts';

/** e.g. `line 17 of iris.csv, column "petal width"`. */
export function tellPlace({ file, example, line, column }: DataPlace): string {
  const where = line === undefined ? `example ${example}` : `line ${line}`;
  return `${where} of ${file}, column ${typeof column === 'string' ? `"${column}"` : column}`;
}
