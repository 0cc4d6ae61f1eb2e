/**
 * What VS Code's messages are made of: JSON, in which NaN and the infinities become null, beside typed
 * arrays, which keep them. Such numbers travel in a box.
 */
interface Boxed {
  notFinite: string;
}

const isBoxed = (value: object): value is Boxed => 'notFinite' in value;

/** Puts every number that is not finite into a box, however deep. */
export function boxNumbers(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { notFinite: String(value) };
  return mapped(value, boxNumbers);
}

/** Takes them out again: `unboxNumbers(boxNumbers(x))` is x. */
export function unboxNumbers(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && isBoxed(value)) return Number(value.notFinite);
  return mapped(value, unboxNumbers);
}

function mapped(value: unknown, map: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, map(entry)]));
}
