import type { Disagreement } from '../../core/ensemble/protocol.ts';

/** Of more members it is not told who says what. */
export const MOST_NAMED = 12;

export function nameOf({ method }: Disagreement): string {
  return method === 'monteCarloDropout' ? 'pass' : 'member';
}

/** That of its run, where it has one of its own. */
export function numberOf({ numbers }: Disagreement, index: number): number {
  return numbers?.[index] ?? index + 1;
}
