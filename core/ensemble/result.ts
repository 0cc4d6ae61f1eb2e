import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonLine, parseJsonLine } from '../events/json-line.ts';
import { UserError } from '../events/user-error.ts';
import { diskError } from '../runs/disk-error.ts';
import { replaceFile } from '../runs/run-folder.ts';
import { fromFolder, inFolder } from './moved.ts';
import type {
  Candidate,
  EnsembleEvent,
  EnsembleFinished,
  EnsembleResult,
  EnsembleRow,
  MemberTrained,
} from './protocol.ts';

export const RESULT_FILE = 'ensemble.json';

/** Keeps an ensemble that came to its end, and says how it did. Throws UserError where the disk does not take it. */
export function keepResult(
  folder: string,
  told: readonly EnsembleEvent[],
  candidates: readonly Candidate[],
): EnsembleFinished {
  const rows = told.filter((event) => event.type === 'ensemble');
  const [{ method, combine, validation }] = rows.toSorted(better);
  const best = { method, combine, validation };
  const members = told.filter((event) => event.type === 'member');
  const finished = finishedOf(folder, best, rows.length, members);
  const file = join(folder, RESULT_FILE);
  try {
    replaceFile(file, `${jsonLine(resultOf(folder, [...told, finished], candidates))}\n`);
  } catch (error) {
    throw diskError(error, file);
  }
  return finished;
}

function finishedOf(
  folder: string,
  best: EnsembleFinished['best'],
  rows: number,
  members: readonly MemberTrained[],
): EnsembleFinished {
  const failed = members
    .filter(({ reason }) => reason !== 'completed')
    .map(({ number }) => number)
    .sort((a, b) => a - b);
  return { type: 'ensembles', best, rows, failed, folder };
}

/** Highest accuracy first, then lowest loss; of regressions the lowest loss. */
function better(a: EnsembleRow, b: EnsembleRow): number {
  const rank = ({ accuracy }: EnsembleRow['validation']) => accuracy ?? 0;
  const cost = ({ loss }: EnsembleRow['validation']) => loss ?? Number.POSITIVE_INFINITY;
  const gain = rank(b.validation) - rank(a.validation);
  return gain !== 0 ? gain : cost(a.validation) - cost(b.validation);
}

/** What is kept of an ensemble that came to its end, of all that was told. */
export function resultOf(
  folder: string,
  events: readonly EnsembleEvent[],
  candidates: readonly Candidate[],
): EnsembleResult {
  const moved = (run: string) => inFolder(folder, run);
  const all = <T extends EnsembleEvent['type']>(type: T) =>
    events.filter((event): event is Extract<EnsembleEvent, { type: T }> => event.type === type);
  const { folder: _, ...begun } = all('begun')[0];
  return {
    formatVersion: 1,
    begun,
    leftOut: all('leftOut'),
    members: all('member')
      .sort((a, b) => a.number - b.number)
      .map((member) => ({ ...member, run: member.run && moved(member.run) })),
    candidates: candidates.map((one) => ({
      ...one,
      members: one.members.map((member) => ({ ...member, run: moved(member.run) })),
    })),
    rows: all('ensemble'),
    disagreement: all('disagreement')[0] ?? null,
    inputs: all('inputs')[0] ?? null,
    best: all('ensembles')[0].best,
  };
}

/** What an ensemble told, but for its progress. Throws UserError where its result cannot be read. */
export async function readResult(folder: string): Promise<EnsembleEvent[]> {
  const file = join(folder, RESULT_FILE);
  try {
    const result = parseJsonLine(await readFile(file, 'utf8')) as EnsembleResult;
    const { formatVersion, begun, leftOut, members, rows, disagreement, inputs, best } = result;
    if (formatVersion !== 1) throw new Error(`its format is ${formatVersion}, newer than known`);
    return [
      { ...begun, folder },
      ...leftOut,
      ...members.map((member) => ({
        ...member,
        run: member.run && fromFolder(folder, member.run),
      })),
      ...rows,
      ...(disagreement ? [disagreement] : []),
      ...(inputs ? [inputs] : []),
      finishedOf(folder, best, rows.length, members),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`The result of this ensemble cannot be read: ${why}`, { file });
  }
}
