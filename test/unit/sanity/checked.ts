import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyEdits, parseConfig, replaceAll } from '../../../core/config/index.ts';
import type { CheckId, CheckResult } from '../../../core/sanity/check.ts';
import { ALL_CHECKS } from '../../../core/sanity/checks/index.ts';
import type { CheckLimits } from '../../../core/sanity/context.ts';
import { runChecks } from '../../../core/sanity/run-checks.ts';
import { prepare } from '../../../core/session/prepare.ts';

/** No check is cut short, however busy the machine is. */
const ENDLESS: CheckLimits = { box: 1e9, all: 1e9 };

export interface Checked extends CheckResult {
  /** The config with the first fix applied. */
  mended: string;
}

/** What some checks, or all, say of a config; `files` lie beside it. Every fix is tried for whether it parses. */
export async function checked(
  configText: string,
  ids: readonly CheckId[] = ALL_CHECKS.map(({ id }) => id),
  files: { [name: string]: string | Uint8Array } = {},
  limits: CheckLimits = ENDLESS,
): Promise<Map<CheckId, Checked>> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope checked-'));
  try {
    for (const [name, content] of Object.entries(files))
      await writeFile(join(folder, name), content);
    const configFile = join(folder, 'checked.train.yaml');
    const prepared = await prepare({ configFile, configText, readableRoots: null });
    const checks = ALL_CHECKS.filter(({ id }) => ids.includes(id));
    const results = [...runChecks(prepared, limits, checks)];
    return new Map(
      results.map((result) => [result.check, { ...result, mended: mend(configText, result) }]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One check of a config. */
export async function check(
  id: CheckId,
  configText: string,
  files: { [name: string]: string | Uint8Array } = {},
): Promise<Checked> {
  return (await checked(configText, [id], files)).get(id)!;
}

function mend(text: string, { check, fixes }: CheckResult): string {
  const [first] = fixes.map(({ title, edits }) => {
    const after = replaceAll(text, applyEdits(text, 'checked.train.yaml', edits));
    const { problems } = parseConfig(after, 'checked.train.yaml');
    if (problems.length > 0) throw new Error(`${check}, ${title}: ${problems[0]!.message}`);
    return after;
  });
  return first ?? text;
}

/** A CSV table with these columns, a row for each number up to `rows`. */
export function csv(rows: number, columns: { [name: string]: (i: number) => unknown }): string {
  const names = Object.keys(columns);
  const lines = Array.from({ length: rows }, (_, i) =>
    names.map((name) => columns[name]!(i)).join(),
  );
  return `${names.join()}\n${lines.join('\n')}\n`;
}

/** A file of NumPy with these floats. */
export function npy(shape: readonly number[], values: Float32Array): Uint8Array {
  const sizes = `(${shape.map((size) => `${size},`).join(' ')})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${sizes}, }`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  return Buffer.concat([
    start,
    Buffer.from(`${header.padEnd(117)}\n`),
    new Uint8Array(values.buffer),
  ]);
}
