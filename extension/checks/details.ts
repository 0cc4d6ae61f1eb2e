import type { Json } from '../../core/events/finding.ts';
import { number } from '../../core/events/numbers.ts';
import type { CheckResult } from '../../core/sanity/check.ts';

/** A line beneath a check. */
export interface CheckDetail {
  label: string;
  text: string;
}

/** What may help, and the tables among the evidence: a line for each layer, or rate. */
export function detailsOf({ fixes, evidence }: CheckResult): CheckDetail[] {
  const tables = Object.values(evidence).flatMap((value) => (Array.isArray(value) ? value : []));
  return [
    ...fixes.map(({ title }) => ({ label: '→', text: title })),
    ...tables.flatMap((row) => {
      if (row === null || typeof row !== 'object' || Array.isArray(row)) return [];
      const [first, ...rest] = Object.entries(row);
      if (!first) return [];
      return [
        {
          label: show(first[1]),
          text: rest.map(([name, value]) => `${name} ${show(value)}`).join(' · '),
        },
      ];
    }),
  ];
}

function show(value: Json): string {
  if (value === null) return '–';
  return typeof value === 'number' ? number(value) : String(value);
}
