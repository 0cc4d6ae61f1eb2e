// Compiles the kernels, once with relaxed SIMD and once without, into one TypeScript file of base64:
// the bundles, the tests and plain Node all read it the same way, and nothing is looked up at run time.
// Beside it their signatures, as the compiler declares them.

import { readdirSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, 'assembly');
const generated = join(here, 'generated');
const binaries = join(generated, 'binaries.ts');
const signatures = join(generated, 'signatures.d.ts');

async function compile(features) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--converge',
      '--noAssert',
      '--runtime',
      'stub',
      '--bindings',
      'raw',
      '--use',
      'abort=',
      '--importMemory',
      '--sharedMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
      ...['simd', 'threads', ...features].flatMap((feature) => ['--enable', feature]),
    ],
    {
      readFile: (name, base) =>
        readFile(join(base === '.' ? sources : base, name), 'utf8').catch(() => null),
      writeFile: (name, contents) => void files.set(name, contents),
      listFiles: () => readdirSync(sources).filter((name) => name.endsWith('.ts')),
    },
  );
  if (error) throw new Error(`The kernels do not compile:\n${stderr.toString()}`, { cause: error });
  return {
    wasm: Buffer.from(files.get('kernels.wasm')).toString('base64'),
    declarations: files.get('kernels.d.ts'),
  };
}

async function isFresh() {
  const made = await stat(signatures).catch(() => null);
  const inputs = [
    ...readdirSync(sources).map((name) => join(sources, name)),
    fileURLToPath(import.meta.url),
  ];
  const times = await Promise.all(inputs.map(async (file) => (await stat(file)).mtimeMs));
  return made !== null && times.every((time) => time < made.mtimeMs);
}

/** Builds what is in `generated/` unless it is newer than all its sources. */
export async function buildKernels() {
  if (await isFresh()) return;
  const relaxed = await compile(['relaxed-simd']);
  const plain = await compile([]);
  await mkdir(generated, { recursive: true });
  await writeFile(
    binaries,
    `// Made by build.mjs from assembly/.\nexport const relaxedSimd =\n  '${relaxed.wasm}';\nexport const simd =\n  '${plain.wasm}';\n`,
  );
  await writeFile(signatures, relaxed.declarations);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
