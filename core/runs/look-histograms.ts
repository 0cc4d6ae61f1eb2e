import { type FileHandle, open } from 'node:fs/promises';
import { type Histogram, histogramAt, rowRange } from '../events/histogram.ts';
import type { Look } from './look.ts';

/** Moments that are read at a time: most of reading is waiting. */
const AT_ONCE = 16;
/** Counts that lie nearer to each other than this are read at once. Bytes. */
const NEAR = 2 ** 14;

/** The histograms of these rows, in the order given, at each moment. Throws where the log is gone. */
export async function histogramsOf(
  looks: readonly Look[],
  rows: readonly number[],
): Promise<Histogram[][]> {
  const handles = new Map<string, FileHandle>();
  try {
    for (const { counts } of looks)
      if (!(counts instanceof Uint32Array) && !handles.has(counts.file))
        handles.set(counts.file, await open(counts.file));
    const all: Histogram[][] = [];
    for (let first = 0; first < looks.length; first += AT_ONCE) {
      const some = looks
        .slice(first, first + AT_ONCE)
        .map(({ bins, counts }) =>
          counts instanceof Uint32Array
            ? rows.map((row) => histogramAt({ bins, counts }, row))
            : readHistograms(handles.get(counts.file)!, bins, counts.at, rows),
        );
      all.push(...(await Promise.all(some)));
    }
    return all;
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
}

async function readHistograms(
  handle: FileHandle,
  bins: Uint32Array,
  at: number,
  rows: readonly number[],
): Promise<Histogram[]> {
  const size = Uint32Array.BYTES_PER_ELEMENT;
  const ranges = rows.map((row) => ({ row, ...rowRange(bins, row) }));
  const histograms = new Map<number, Histogram>();
  const rest = ranges.toSorted((a, b) => a.from - b.from);
  while (rest.length > 0) {
    const [first] = rest;
    let { to } = first!;
    let taken = 1;
    while (taken < rest.length && (rest[taken]!.from - to) * size < NEAR)
      to = Math.max(to, rest[taken++]!.to);
    const counts = new Uint32Array(to - first!.from);
    await handle.read(new Uint8Array(counts.buffer), 0, counts.byteLength, at + first!.from * size);
    for (const { row, from, to } of rest.splice(0, taken)) {
      const own = counts.subarray(from - first!.from, to - first!.from);
      histograms.set(
        row,
        histogramAt({ bins: bins.subarray(row * 4, row * 4 + 4), counts: own }, 0),
      );
    }
  }
  return rows.map((row) => histograms.get(row)!);
}
