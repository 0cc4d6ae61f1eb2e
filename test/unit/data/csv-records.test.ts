import { CsvError, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachRecord } from '../../../core/data/csv-records.ts';
import { UserError } from '../../../core/events/user-error.ts';

const file = { name: 'x.csv', key: ['data', 'source'] };
type Visited = { record: string[]; line: number };

async function* chunksOf(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What was visited before the end or an error, and whether it was one. */
async function ours(bytes: Uint8Array, size: number) {
  const visited: Visited[] = [];
  try {
    await eachRecord(file, chunksOf(bytes, size), (record, line) => {
      visited.push({ record, line });
      return false;
    });
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return { visited, failed: true };
  }
  return { visited, failed: false };
}

function theirs(bytes: Uint8Array) {
  const visited: Visited[] = [];
  try {
    parse(Buffer.from(bytes), {
      bom: true,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[], { lines }) => {
        visited.push({ record, line: lines });
        return null;
      },
    });
  } catch (error) {
    expect(error).toBeInstanceOf(CsvError);
    return { visited, failed: true };
  }
  return { visited, failed: false };
}

const cell = fc.oneof(
  fc.constantFrom('', '1', '-2.5', 'é', '😀', ' '),
  fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', 'é') }).map((text) => {
    return `"${text.replaceAll('"', '""')}"`;
  }),
);
const line = fc
  .tuple(fc.array(cell, { maxLength: 4 }), fc.constantFrom('\n', '\n', '\r\n'))
  .map(([cells, end]) => cells.join(',') + end);
const lines = fc
  .tuple(fc.constantFrom('', '\uFEFF'), fc.array(line, { maxLength: 12 }), fc.boolean())
  .map(([bom, all, cut]) => bom + (cut ? all.join('').slice(0, -1) : all.join('')));
const scraps = fc
  .array(fc.constantFrom('a', ',', '"', '\n', '\r\n', '\r', ' ', 'é', 'b'))
  .map((all) => all.join(''));
/** The library counts a quoted CRLF, and a CR alone, as two lines and one. */
const withoutLines = ({ visited, failed }: { visited: Visited[]; failed: boolean }) => ({
  records: visited.map(({ record }) => record),
  failed,
});

it('reads what the library reads, with its line, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 40 }), async (text, size) => {
      const bytes = new TextEncoder().encode(text);
      expect(await ours(bytes, size)).toEqual(theirs(bytes));
    }),
    { numRuns: 300, seed: 1 },
  );
});

it('reads or refuses any characters as the library does', async () => {
  await fc.assert(
    fc.asyncProperty(scraps, fc.integer({ min: 1, max: 40 }), async (text, size) => {
      const bytes = new TextEncoder().encode(text);
      expect(withoutLines(await ours(bytes, size))).toEqual(withoutLines(theirs(bytes)));
    }),
    { numRuns: 800, seed: 1 },
  );
});

it('replaces bytes that are no text as the library does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      expect(await ours(bytes, 7)).toEqual(theirs(bytes));
    }),
    { numRuns: 100, seed: 1 },
  );
});

it('ends at the visitor’s word, among plain lines and quoted ones', async () => {
  const bytes = new TextEncoder().encode('a\nb\n"c"\n"d"\ne\n');
  for (let wanted = 1; wanted <= 5; wanted++) {
    const seen: string[] = [];
    await eachRecord(file, chunksOf(bytes, 100), ([text]) => seen.push(text!) === wanted);
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'].slice(0, wanted));
  }
});

it('gives up on a quote that is never closed before it has read all of a large file', async () => {
  let read = 0;
  async function* endless() {
    yield new TextEncoder().encode('x,kind\n1,2\n3,"');
    for (; read < 100; read++) yield new Uint8Array(1 << 20).fill(0x61);
  }
  const reading = eachRecord(file, endless(), () => false);
  await expect(reading).rejects.toThrow(/never closed/);
  expect(read).toBeLessThan(20);
});
