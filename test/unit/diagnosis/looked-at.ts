import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyEdits, parseConfig, replaceAll } from '../../../core/config/index.ts';
import type { Finding, Fix } from '../../../core/events/finding.ts';
import { prepare } from '../../../core/session/prepare.ts';
import { staticFindings } from '../../../core/session/static-findings.ts';

/** What is found in a config without training it; `files` stand beside it. */
export async function lookAt(
  configText: string,
  files: { [name: string]: string } = {},
): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope static-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const request = { configFile: join(folder, 'a.train.yaml'), configText };
    return staticFindings(await prepare({ ...request, readableRoots: null }), request);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The config with a fix applied, which must be one. */
export function fixed(text: string, { edits }: Fix): string {
  const result = replaceAll(text, applyEdits(text, 'a.train.yaml', edits));
  const { problems } = parseConfig(result, 'a.train.yaml');
  if (problems.length > 0) throw new Error(`${problems[0]!.message}\n${result}`);
  return result;
}
