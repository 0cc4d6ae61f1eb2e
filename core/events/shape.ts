/** Says where and how a value breaks its shape; null when it does not. */
export type Shape = (value: unknown, where: string) => string | null;

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return value.constructor?.name ?? 'object';
}

function expected(what: string, value: unknown, where: string): string {
  return `${where} must be ${what}, not ${kind(value)}`;
}

/** NaN and ±Infinity are numbers. */
export const number: Shape = (value, where) =>
  typeof value === 'number' ? null : expected('a number', value, where);

/** An index or a count: 0, 1, 2 … */
export const count: Shape = (value, where) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? null
    : expected('a whole number', value, where);

export const string: Shape = (value, where) =>
  typeof value === 'string' ? null : expected('text', value, where);

export const oneOf =
  (...choices: readonly string[]): Shape =>
  (value, where) =>
    typeof value === 'string' && choices.includes(value)
      ? null
      : `${where} must be one of ${choices.join(', ')}`;

export const float64s: Shape = (value, where) =>
  value instanceof Float64Array ? null : expected('a Float64Array', value, where);

export const float32s: Shape = (value, where) =>
  value instanceof Float32Array ? null : expected('a Float32Array', value, where);

export const int16s: Shape = (value, where) =>
  value instanceof Int16Array ? null : expected('an Int16Array', value, where);

export const uint8s: Shape = (value, where) =>
  value instanceof Uint8Array ? null : expected('a Uint8Array', value, where);

export const uint32s: Shape = (value, where) =>
  value instanceof Uint32Array ? null : expected('a Uint32Array', value, where);

export const nullable =
  (shape: Shape): Shape =>
  (value, where) =>
    value === null ? null : shape(value, where);

export const optional =
  (shape: Shape): Shape =>
  (value, where) =>
    value === undefined ? null : shape(value, where);

export const list =
  (shape: Shape): Shape =>
  (value, where) => {
    if (!Array.isArray(value)) return expected('a list', value, where);
    for (const [i, item] of value.entries()) {
      const problem = shape(item, `${where}[${i}]`);
      if (problem) return problem;
    }
    return null;
  };

/** Keys that are not named pass: a later minor version may add some. */
export const record =
  (fields: { readonly [key: string]: Shape }): Shape =>
  (value, where) => {
    if (!isPlainObject(value)) return expected('an object', value, where);
    for (const [key, shape] of Object.entries(fields)) {
      const problem = shape(value[key], where === '' ? key : `${where}.${key}`);
      if (problem) return problem;
    }
    return null;
  };

/** A name, or an index. */
export const key: Shape = (value, where) =>
  typeof value === 'string' ? null : count(value, where);

/** Config paths hold keys and indices. */
export const path: Shape = list(key);

/** Anything that JSON can hold, to a sane depth. */
export const json: Shape = (value, where) => jsonAt(value, where, 0);

function jsonAt(value: unknown, where: string, depth: number): string | null {
  if (depth > 100) return `${where} is nested too deeply`;
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return null;
  const items = Array.isArray(value) ? value : isPlainObject(value) ? Object.values(value) : null;
  if (!items) return expected('JSON', value, where);
  for (const item of items) {
    const problem = jsonAt(item, where, depth + 1);
    if (problem) return problem;
  }
  return null;
}

export function isPlainObject(value: unknown): value is { [key: string]: unknown } {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
