import type { Shape } from './json-schema.ts';
import { orList } from './nearest.ts';

/** Beyond this, a limit is only there to be sane, and is not worth telling before it is reached. */
const TOLD = 1000;

/** What a value of this shape must be, in words: "a whole number of at least 1". */
export function expectation(shape: Shape): string {
  if (shape.expected) return shape.expected;
  if (shape.anyOf) return orList(shape.anyOf.map(expectation));
  if (shape.enum) return orList(shape.enum);
  switch (shape.type) {
    case 'integer':
      return `a whole number${bounds(shape)}`;
    case 'number':
      return `a number${bounds(shape)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return 'a map of keys and values';
    default:
      return 'text';
  }
}

/** Its limits: " of at least 0 and below 1". */
function bounds(shape: Shape): string {
  const parts: string[] = [];
  if (shape.exclusiveMinimum !== undefined) parts.push(`above ${shape.exclusiveMinimum}`);
  if (shape.minimum !== undefined) parts.push(`of at least ${shape.minimum}`);
  if (shape.exclusiveMaximum !== undefined) parts.push(`below ${shape.exclusiveMaximum}`);
  if (shape.maximum !== undefined && shape.maximum <= TOLD) {
    parts.push(`at most ${shape.maximum}`);
  }
  return parts.length > 0 ? ` ${parts.join(' and ')}` : '';
}
