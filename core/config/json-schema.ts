import * as z from 'zod';
import type { Json } from '../events/finding.ts';
import { configSchema } from './schema/index.ts';

/**
 * The part of JSON Schema that configs use, and what our fields add to it: `unit`, `fallback` (the
 * default in words), `expected` (what a value must be, in words), `noun` (what a choice is of) and `keys`
 * (what the keys of a map are that takes any).
 */
export interface Shape {
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  description?: string;
  default?: Json;
  examples?: Json[];
  enum?: string[];
  enumDescriptions?: string[];
  anyOf?: Shape[];
  properties?: { [key: string]: Shape };
  /** Of maps that take any key: what each value is. */
  additionalProperties?: Shape | false;
  required?: string[];
  items?: Shape;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  unit?: string;
  fallback?: string;
  expected?: string;
  noun?: string;
  /** Of maps that take any key: what these are. */
  keys?: 'paths';
}

let shape: Shape | null = null;

/**
 * The config language as a graph to walk: for messages, hovers and completion. It has a cycle where
 * layers hold layers.
 */
export function configShape(): Shape {
  shape ??= shapeOf(configSchema);
  return shape;
}

/** What any schema of ours takes. */
export function shapeOf(schema: z.ZodType): Shape {
  return withoutReferences(z.toJSONSchema(schema, { io: 'input' }) as Schema);
}

type Schema = { [key: string]: Json };

function jsonSchema(): Schema {
  return z.toJSONSchema(configSchema, { io: 'input' }) as Schema;
}

/** Each `$ref: '#/$defs/name'` becomes the definition itself. */
function withoutReferences({ $defs, ...schema }: Schema): Shape {
  const definitions = ($defs ?? {}) as Schema;
  const resolve = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    if (typeof value.$ref === 'string') return definitions[value.$ref.split('/').at(-1)!]!;
    for (const [key, inner] of Object.entries(value)) value[key] = resolve(inner);
    return value;
  };
  for (const definition of Object.values(definitions)) resolve(definition);
  return resolve(schema) as Shape;
}

const OURS = ['unit', 'fallback', 'expected', 'noun', 'keys'];

/** JSON Schema (2020-12) of what may be written in a config. */
export function configJsonSchema(): { [key: string]: Json } {
  const text = JSON.stringify(jsonSchema(), function (this: object, key, value: unknown) {
    // A key of the config may have any name; only our words beside `type` or `anyOf` are left out.
    const isField = 'type' in this || 'anyOf' in this || 'enum' in this;
    return isField && OURS.includes(key) && typeof value === 'string' ? undefined : value;
  });
  return { ...(JSON.parse(text) as { [key: string]: Json }), title: 'Trainscope training config' };
}
