import { distance } from 'fastest-levenshtein';

const simplify = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The word that was probably meant, or null. Case, `_` and `-` count for nothing. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (word.length > 100) return null;
  const wanted = simplify(word);
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const d = distance(wanted, simplify(candidate));
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  // A third of the letters may differ; more is another word.
  return best !== null && bestDistance <= Math.max(1, Math.floor(wanted.length / 3)) ? best : null;
}

/** `a, b or c` */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
