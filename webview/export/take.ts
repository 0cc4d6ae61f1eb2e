import { csvOf, markdownOf } from '../../core/report/chart/table.ts';
import { type FileFormat, LARGEST_FILE, type Taken } from '../protocol.ts';
import type { Exportable, Format } from './exportable.ts';
import { pngOf } from './png.ts';

/** Makes what is taken away, for the host to save or to copy. A failure is told to it, too. */
export async function take(what: Exportable, format: Format): Promise<Taken> {
  const { name } = what;
  try {
    if (format === 'markdown') return { type: 'copy', text: markdownOf(what.table()) };
    const bytes = await bytesOf(what, format);
    if (bytes.length <= LARGEST_FILE) return { type: 'save', name, format, bytes };
    const megabytes = Math.round(bytes.length / 2 ** 20);
    throw new Error(`it would be ${megabytes} MB large`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { type: 'notSaved', name, reason };
  }
}

async function bytesOf(what: Exportable, format: FileFormat): Promise<Uint8Array> {
  if (format === 'csv') return new TextEncoder().encode(csvOf(what.table()));
  const svg = what.picture!.svg();
  return format === 'svg' ? new TextEncoder().encode(svg) : pngOf(svg);
}
