import { posix } from 'node:path';

/** One import statement of one file; paths are relative to the project, with forward slashes. */
export interface Import {
  from: string;
  /** A file of the project, or the name of a package as it was written. */
  to: string;
  /** Erased by the compiler: `import type`. */
  typeOnly: boolean;
}

/** Earlier folders know nothing of later ones; those of one row know nothing of each other. */
const ORDER = [
  ['events'],
  ['config'],
  ['data'],
  ['kernels'],
  ['network'],
  ['training'],
  ['inspection'],
  ['diagnosis'],
  ['runs'],
  ['session'],
  ['sanity', 'sweep', 'ensemble', 'repair', 'report'],
  // How the command line draws.
  ['terminal'],
  ['worker.ts', 'cli.ts'],
];
const STATEMENT =
  /^[ \t]*(?:import|export)\b(?<clause>[^'"`;]*?)\bfrom\s*['"](?<from>[^'"]+)['"]|^[ \t]*import\s*['"](?<bare>[^'"]+)['"]|\b(?:import|require)\(\s*['"](?<call>[^'"]+)['"]/gm;

/** The imports in the text of a TypeScript file. */
export function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(STATEMENT)].map(({ groups = {} }) => {
    const written = groups.from ?? groups.bare ?? groups.call ?? '';
    return {
      from: file,
      to: written.startsWith('.') ? posix.join(posix.dirname(file), written) : written,
      typeOnly: /^\s*type\b/.test(groups.clause ?? ''),
    };
  });
}

/** Every breach of the law, as a sentence. */
export function breaches(imports: Import[]): string[] {
  return imports.flatMap((one) => {
    const why = breach(one, imports);
    return why ? [`${one.from} imports ${one.to}: ${why}`] : [];
  });
}

function breach({ from, to, typeOnly }: Import, all: Import[]): string | null {
  const inside = /^(core|extension|webview|test)\//.test(to);
  const area = from.split('/')[0];
  if (to.startsWith('test/')) return 'the product does not know its tests';
  if (to.startsWith('extension/development/')) return 'the product does not know its build';
  if (to === 'vscode' && area !== 'extension') return 'only extension/ knows VS Code';
  switch (area) {
    case 'core':
      if (inside && !to.startsWith('core/')) return 'core knows nothing of what stands on it';
      return inside ? outOfOrder(from, to) : null;
    case 'extension':
      if (to.startsWith('webview/') && !/^webview\/(\w+\/)?protocol\.ts$/.test(to))
        return 'of the webview, the extension knows only the protocols';
      return null;
    case 'webview':
      if (to.startsWith('extension/')) return 'a view knows nothing of the extension';
      if (to.startsWith('node:')) return 'a view has no Node';
      if (to.startsWith('core/') && !typeOnly) return impure(to, all);
      return null;
    default:
      return `no such part of the product: ${area}`;
  }
}

function outOfOrder(from: string, to: string): string | null {
  const [, source = ''] = from.split('/');
  const [, target = ''] = to.split('/');
  const rank = (folder: string) => ORDER.findIndex((row) => row.includes(folder));
  if (rank(source) < 0) return `core/${source} has no place in the order`;
  if (rank(target) < 0) return `core/${target} has no place in the order`;
  if (source === target && !source.endsWith('.ts')) return null;
  if (source === 'ensemble' && target === 'sweep') return null;
  return rank(target) < rank(source) ? null : `core/${target} does not stand before core/${source}`;
}

/** What a browser runs must not lead to Node, however far. */
function impure(file: string, all: Import[], seen: Set<string> = new Set()): string | null {
  if (seen.has(file)) return null;
  seen.add(file);
  for (const { to } of all.filter((one) => one.from === file && !one.typeOnly)) {
    if (to.startsWith('node:')) return `${file} needs ${to}, which a browser has not`;
    const why = to.startsWith('core/') ? impure(to, all, seen) : null;
    if (why) return why;
  }
  return null;
}
