import type { Json } from '../events/finding.ts';
import { expectation } from './expected.ts';
import { configShape, type Shape } from './json-schema.ts';
import { meaningsOf, variantKeys } from './shapes.ts';

/** A key of the config language, for documentation. */
export interface KeyDescription {
  /** E.g. `optimizer.learningRate`; `[]` is any item of a list. */
  path: string;
  /** Which variant has it, e.g. `sgd`; null for all. */
  variant: string | null;
  meaning: string;
  unit: string | null;
  expected: string;
  /** As one would write it, or in words; null for a required key. */
  default: string | null;
}

/** All keys, in the order in which they are documented. */
export function describeKeys(): KeyDescription[] {
  const keys: KeyDescription[] = [];
  /** Layers hold layers, whose keys are the same. */
  const above = new Set<Shape>();
  function visit(shape: Shape, path: string, variant: string | null): void {
    if (above.has(shape)) return;
    above.add(shape);
    for (const option of shape.anyOf ?? []) {
      visit(option, path, option.properties?.type?.enum?.[0] ?? variant);
    }
    if (shape.items) visit(shape.items, `${path}[]`, variant);
    if (shape.additionalProperties) visit(shape.additionalProperties, `${path}.*`, variant);
    for (const [key, field] of Object.entries(shape.properties ?? {})) {
      const at = path === '' ? key : `${path}.${key}`;
      keys.push({
        path: at,
        variant,
        meaning: field.description ?? '',
        unit: field.unit ?? null,
        expected: expectation(field),
        default: shape.required?.includes(key) ? null : defaultOf(field),
      });
      visit(field, at, variant);
    }
    above.delete(shape);
  }
  visit(configShape(), '', null);
  return keys;
}

/** What holds if the key is left out; null if it must be there. */
export function defaultOf({ fallback, default: value }: Shape): string | null {
  if (fallback !== undefined) return fallback;
  return value === undefined || isEmptyMap(value) ? null : written(value);
}

/** As one would write it: 1e-8, not 0.00000001. */
export function written(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return JSON.stringify(value);
  const short = value.toExponential();
  return Math.abs(value) < 0.01 && value !== 0 && short.length < String(value).length
    ? short
    : String(value);
}

function isEmptyMap(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Markdown about a key: meaning, what it must be, unit, default, words and examples. */
export function document(key: string, shape: Shape): string {
  const lines = [`**${key}**${shape.unit ? ` (${shape.unit})` : ''}: ${shape.description ?? ''}`];
  const words = meaningsOf(shape);
  if (words.length > 0) {
    lines.push(words.map(({ word, meaning }) => `- \`${word}\`: ${meaning}`).join('\n'));
  }
  const facts: string[] = [];
  if (words.length === 0 || shape.anyOf || variantKeys(shape).length > 0) {
    facts.push(`Expected: ${expectation(shape)}.`);
  }
  const fallback = defaultOf(shape);
  if (fallback !== null) {
    facts.push(`Default: ${shape.fallback === undefined ? `\`${fallback}\`` : fallback}.`);
  }
  if (shape.examples) {
    facts.push(`For example ${shape.examples.map((each) => `\`${written(each)}\``).join(', ')}.`);
  }
  if (facts.length > 0) lines.push(facts.join('  \n'));
  return lines.join('\n\n');
}
