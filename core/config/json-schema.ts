import { z } from 'zod';
import type { Json } from '../events/finding.ts';
import { configSchema } from './schema/index.ts';

/**
 * The part of JSON Schema that configs use, and what our fields add to it: `unit`, `fallback` (the
 * default in words), `expected` (what a value must be, in words) and `noun` (what a choice is of).
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
}

let shape: Shape | null = null;

/** The config language as a tree to walk: for messages, hovers and completion. */
export function configShape(): Shape {
  shape ??= z.toJSONSchema(configSchema, { io: 'input' }) as Shape;
  return shape;
}

const OURS = ['unit', 'fallback', 'expected', 'noun'];

/** JSON Schema (2020-12) of what may be written in a config. */
export function configJsonSchema(): { [key: string]: Json } {
  const text = JSON.stringify(configShape(), function (this: object, key, value: unknown) {
    // A key of the config may have any name; only our words beside `type` or `anyOf` are left out.
    const isField = 'type' in this || 'anyOf' in this || 'enum' in this;
    return isField && OURS.includes(key) && typeof value === 'string' ? undefined : value;
  });
  return { ...(JSON.parse(text) as { [key: string]: Json }), title: 'Trainscope training config' };
}

/** The shape of the value at this path; of a choice the options that have the next key. */
export function shapeAt(shape: Shape, path: readonly (string | number)[]): Shape | null {
  let current: Shape | null = shape;
  for (const step of path) {
    current = current && childShape(current, step);
    if (!current) return null;
  }
  return current;
}

function childShape(shape: Shape, step: string | number): Shape | null {
  if (typeof step === 'number' && shape.items) return shape.items;
  if (typeof step === 'string' && shape.properties && Object.hasOwn(shape.properties, step)) {
    return shape.properties[step]!;
  }
  for (const option of shape.anyOf ?? []) {
    const found = childShape(option, step);
    if (found) return found;
  }
  return null;
}
