import type { ConfigPath } from '../events/finding.ts';
import type { Shape } from './json-schema.ts';
import type { Plain } from './source/plain.ts';

export function isMap(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a map with this `type` is of this option; without one, it is of the default's. */
export function isOfType(option: Shape, type: Plain | undefined): boolean {
  const { default: fallback, enum: words } = option.properties!.type!;
  if (type === undefined || type === null) return fallback !== undefined;
  return typeof type === 'string' && words!.includes(type);
}

/** The words that a value of this shape may be, with what they mean. */
export function meaningsOf(shape: Shape): { word: string; meaning: string }[] {
  const own = (shape.enum ?? []).map((word, index) => ({
    word,
    meaning: shape.enumDescriptions?.[index] ?? '',
  }));
  return [...own, ...(shape.anyOf ?? []).flatMap(meaningsOf)];
}

export function wordsOf(shape: Shape): string[] {
  return meaningsOf(shape).map(({ word }) => word);
}

/** The options that are maps, or the shape itself if it is one. */
export function mapsOf(shape: Shape): Shape[] {
  if (shape.type === 'object') return [shape];
  return (shape.anyOf ?? []).flatMap(mapsOf);
}

/** The option that is a list, or the shape itself if it is one. */
function listOf(shape: Shape): Shape | undefined {
  return shape.items ? shape : shape.anyOf?.find(({ items }) => items);
}

/** The keys that each tell what a one-key map is: `dense` of a layer. A lone `type` has nothing to tell. */
export function variantKeys(shape: Shape): string[] {
  return (shape.anyOf ?? []).flatMap(mapsOf).flatMap(({ properties }) => {
    const keys = Object.keys(properties ?? {});
    return keys.length === 1 && keys[0] !== 'type' ? keys : [];
  });
}

export function childValue(value: Plain | undefined, step: string | number): Plain | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Of a choice: the option that has this key, preferably of the type that the value names. */
export function childShape(
  shape: Shape,
  step: string | number,
  value?: Plain | undefined,
): Shape | null {
  if (typeof step === 'number') return listOf(shape)?.items ?? null;
  const maps = mapsOf(shape);
  const options = maps.filter(({ properties }) => Object.hasOwn(properties ?? {}, step));
  const type = isMap(value) ? value.type : undefined;
  const named = options.find((option) => option.properties!.type && isOfType(option, type));
  const own = (named ?? options[0])?.properties?.[step];
  return (
    own ?? (maps.map(({ additionalProperties }) => additionalProperties).find(Boolean) || null)
  );
}

/** The shape of what stands at this path. With the config's value, of the types that it names. */
export function shapeAt(shape: Shape, path: ConfigPath, value?: Plain | undefined): Shape | null {
  let current: Shape | null = shape;
  for (const step of path) {
    if (!current) return null;
    current = childShape(current, step, value);
    value = childValue(value, step);
  }
  return current;
}
