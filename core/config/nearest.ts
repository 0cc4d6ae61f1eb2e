import { distance } from 'fastest-levenshtein';

const simplify = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Slips from one word to the other. */
function slips(wanted: string, candidate: string): number {
  const simple = simplify(candidate);
  // Letters in the wrong order are one slip, not two.
  return sorted(wanted) === sorted(simple)
    ? Math.min(1, distance(wanted, simple))
    : distance(wanted, simple);
}

/** The word that was probably meant, or null. Case, `_` and `-` count for nothing. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (word.length > 100) return null;
  const wanted = simplify(word);
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const d = slips(wanted, candidate);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  // A third of the letters may differ; more is another word.
  return bestDistance <= Math.max(1, Math.floor(wanted.length / 3)) ? best : null;
}

/** Most words that a message lists all; of more it lists some. */
const ALL = 12;
const SOME = 8;

/** What could be meant: `a, b or c`; of many words those that are most alike: `a, b, c and 9 more`. */
export function choices(word: string, known: readonly string[]): string {
  if (known.length <= ALL) return orList(known);
  // Longer than any word of the language, everything is equally far.
  const wanted = simplify(word.slice(0, 40));
  const alike = known
    .map((candidate) => ({ candidate, far: slips(wanted, candidate) }))
    .sort((a, b) => a.far - b.far);
  const listed = alike.slice(0, SOME).map(({ candidate }) => candidate);
  return `${listed.join(', ')} and ${known.length - SOME} more`;
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
