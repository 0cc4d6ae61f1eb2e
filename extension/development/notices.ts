import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project.ts';

// Its runtime (memory, math) is compiled into our WebAssembly, so it is no input of a bundle.
const COMPILED_IN = ['assemblyscript'];

/** The licenses of every package that the bundles contain. `inputs`: paths of bundled files. */
export async function thirdPartyNotices(inputs: string[]): Promise<string> {
  const names = new Set(COMPILED_IN);
  for (const input of inputs) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[0];
    if (name) names.add(name.replace(/^node_modules\//, ''));
  }
  const sections = await Promise.all([...names].sort().map(notice));
  return ['Trainscope contains the following third-party software.', ...sections, ''].join(
    `\n\n${'-'.repeat(80)}\n`,
  );
}

async function notice(name: string): Promise<string> {
  const folder = join(projectRoot, 'node_modules', name);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
  };
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  const title = `${name} ${manifest.version} (${manifest.license ?? 'license not stated'})`;
  return [title, ...texts.map((text) => text.trim())].join('\n\n');
}
