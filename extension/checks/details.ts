import type { Json } from '../../core/events/finding.ts';
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
  if (typeof value !== 'number') return String(value);
  const size = Math.abs(value);
  if (value !== 0 && size < 1e-3) return value.toExponential(1);
  return Number.isFinite(value) ? Number(value.toPrecision(3)).toString() : String(value);
}
