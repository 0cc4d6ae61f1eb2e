import type { Json } from '../events/finding.ts';
import { configShape, type Shape } from './json-schema.ts';
import { isMap, isOfType, mapsOf, variantKeys, wordsOf } from './shapes.ts';
import type { Plain } from './source/plain.ts';
import { refusal, takesWholeNumbers } from './swept.ts';

/** A key that a sweep may search, with a range that suits it. */
export interface SearchableKey {
  path: string;
  shape: Shape;
  range: { kind: 'log' | 'uniform' | 'int' | 'choice'; values: Json[] };
}

/** How far a log range reaches from what stands there now, either way. */
const FACTOR = 100;

/** The keys of this config that a sweep can search: numbers, words and switches, of its layers too. */
export function searchableKeys(root: Plain): SearchableKey[] {
  const keys: SearchableKey[] = [];
  function visit(path: (string | number)[], shape: Shape, value: Plain | undefined): void {
    const items = shape.items ?? shape.anyOf?.find((option) => option.items)?.items;
    if (items && Array.isArray(value))
      for (const [index, item] of value.entries()) visit([...path, index], items, item);
    const isVariant = variantKeys(shape).length > 1;
    for (const { properties } of chosenMaps(shape, value)) {
      for (const [name, field] of Object.entries(properties ?? {})) {
        const inner = isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
        // A layer has the one key that is written.
        if (isVariant && inner === undefined) continue;
        const at = [...path, name];
        const range = refusal(at) === null ? rangeFor(field, inner) : null;
        if (range) keys.push({ path: at.join('.'), shape: field, range });
        if (isMap(inner) || Array.isArray(inner) || path.length === 0) visit(at, field, inner);
      }
    }
  }
  visit([], configShape(), root);
  return keys;
}

/** Of variants with a type: that of the value, or the default one. */
function chosenMaps(shape: Shape, value: Plain | undefined): Shape[] {
  const maps = mapsOf(shape);
  const type = isMap(value) ? value.type : typeof value === 'string' ? value : undefined;
  const typed = maps.filter(({ properties }) => properties?.type);
  return typed.length > 0 ? typed.filter((option) => isOfType(option, type)) : maps;
}

function rangeFor(shape: Shape, value: Plain | undefined): SearchableKey['range'] | null {
  const options = [shape, ...(shape.anyOf ?? [])];
  const number = options.find(({ type }) => type === 'number' || type === 'integer');
  const known = [value, shape.default, ...(shape.examples ?? [])];
  const about = known.find((one) => typeof one === 'number' && one > 0);
  if (number && takesWholeNumbers(shape)) {
    const middle = typeof about === 'number' ? about : 10;
    return { kind: 'int', values: [Math.max(1, Math.round(middle / 4)), 4 * middle] };
  }
  if (number && (number.exclusiveMaximum ?? number.maximum ?? 2) <= 1)
    return { kind: 'uniform', values: [0, 0.5] };
  if (number && typeof about === 'number')
    return { kind: 'log', values: [about / FACTOR, about * FACTOR].map(rounded) };
  if (shape.type === 'boolean') return { kind: 'choice', values: [true, false] };
  const words = wordsOf(shape);
  return words.length > 1 ? { kind: 'choice', values: words } : null;
}

/** Without the dust of a division: 1e-5, not 1.0000000000000001e-5. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
