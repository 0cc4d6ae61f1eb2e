import { distance } from 'fastest-levenshtein';

const simplify = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The word that was probably meant, or null. Case, `_` and `-` count for nothing. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (word.length > 100) return null;
  const wanted = simplify(word);
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const simple = simplify(candidate);
    // Letters in the wrong order are one slip, not two.
    const d = Math.min(distance(wanted, simple), sorted(wanted) === sorted(simple) ? 1 : Infinity);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  // A third of the letters may differ; more is another word.
  return bestDistance <= Math.max(1, Math.floor(wanted.length / 3)) ? best : null;
}

const sorted = (word: string) => [...word].sort().join('');

/** `a, b or c` */
export function orList(words: readonly string[]): string {
  return joined(words, 'or');
}

/** `a, b and c` */
export function andList(words: readonly string[]): string {
  return joined(words, 'and');
}

function joined(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
