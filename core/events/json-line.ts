/**
 * An event, or another record of a type, as one line of JSON without the line's end: typed arrays as arrays, NaN and the
 * infinities as the strings "NaN", "Infinity" and "-Infinity".
 */
export function jsonLine(record: object): string {
  return JSON.stringify(record, (_key, value: unknown) => {
    if (typeof value === 'number') return jsonNumber(value);
    // Float32 values are written with the digits that their precision carries.
    if (value instanceof Float32Array) return Array.from(value, shortest);
    if (value instanceof Float64Array) return Array.from(value);
    return value;
  });
}

const NUMBERS = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** What `jsonLine` has written; typed arrays stay arrays. Throws SyntaxError where it is none. */
export function parseJsonLine(line: string): unknown {
  return JSON.parse(line, (_key, value: unknown) =>
    typeof value === 'string' ? (NUMBERS.get(value) ?? value) : value,
  );
}

function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The shortest decimal that reads back to the same float32. */
function shortest(value: number): number {
  for (const digits of [7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
