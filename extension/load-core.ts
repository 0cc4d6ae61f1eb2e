import type * as Core from './core.ts';

let loaded: typeof Core | null = null;

/** The heavy part of the extension, loaded when it is first needed. */
export function loadCore(): typeof Core {
  // A relative path beside dist/extension.js: the bundler leaves it as it is.
  loaded ??= require('./core.js') as typeof Core;
  return loaded;
}
