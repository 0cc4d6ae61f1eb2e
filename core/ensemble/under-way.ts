import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EnsembleMethod } from '../config/index.ts';
import { jsonLine, parseJsonLine } from '../events/json-line.ts';
import { UserError } from '../events/user-error.ts';
import { diskError } from '../runs/disk-error.ts';
import { replaceFile } from '../runs/run-folder.ts';
import { fromFolder, inFolder } from './moved.ts';
import type { EnsembleBegun, EnsembleEvent, LeftOut, MemberTrained } from './protocol.ts';
import type { TopTrials } from './top-trials.ts';

/** Beside its members, until there is a result: what a process needs to go on with an ensemble. */
export const UNDER_WAY_FILE = 'under-way.json';

export interface UnderWay {
  formatVersion: 1;
  begun: Omit<EnsembleBegun, 'folder'>;
  /** Those that are made, and those that are not. */
  methods: EnsembleMethod[];
  leftOut: LeftOut[];
  /** The best of a sweep, where they are asked for: another sweep may have come since. */
  trials: TopTrials | null;
  /** Those that have ended. */
  members: MemberTrained[];
}

/** Throws UserError where the disk does not take it. */
export function keepUnderWay(folder: string, underWay: UnderWay): void {
  const file = join(folder, UNDER_WAY_FILE);
  try {
    replaceFile(file, `${jsonLine(withRuns(underWay, (run) => inFolder(folder, run)))}\n`);
  } catch (error) {
    throw diskError(error, file);
  }
}

/** Throws UserError where the folder holds no ensemble that can go on. */
export function readUnderWay(folder: string): UnderWay {
  const file = join(folder, UNDER_WAY_FILE);
  const name = basename(folder);
  let underWay: UnderWay;
  try {
    underWay = parseJsonLine(readFileSync(file, 'utf8')) as UnderWay;
  } catch (error) {
    const why = error instanceof SyntaxError ? 'cannot be read' : 'is not there';
    throw new UserError(
      `${name} is not the folder of an ensemble that can go on: its ${UNDER_WAY_FILE} ${why}. Make the ensemble anew.`,
      { file: folder },
    );
  }
  if (underWay.formatVersion !== 1)
    throw new UserError(
      `${name} was begun by a newer version of Trainscope, which alone can go on with it.`,
      { file: folder },
    );
  return withRuns(underWay, (run) => fromFolder(folder, run));
}

/** It has its result. */
export function forgetUnderWay(folder: string): void {
  rmSync(join(folder, UNDER_WAY_FILE), { force: true });
}

/** What an ensemble that is not made yet has told, but for its progress. */
export function toldSoFar(folder: string): EnsembleEvent[] {
  const { begun, leftOut, members } = readUnderWay(folder);
  return [{ ...begun, folder }, ...leftOut, ...members];
}

function withRuns(underWay: UnderWay, moved: (run: string) => string): UnderWay {
  const { trials, members } = underWay;
  return {
    ...underWay,
    trials: trials && {
      ...trials,
      members: trials.members.map((one) => ({ ...one, run: moved(one.run) })),
    },
    members: members.map((one) => ({ ...one, run: one.run && moved(one.run) })),
  };
}
