import type { Plugin } from 'esbuild';

/**
 * A bundle that asks for `vscode` once. Otherwise every file that imports it asks anew and makes its
 * own copy of the whole API, which takes longer than all the rest of loading the extension.
 */
export const vscodeOnce: Plugin = {
  name: 'vscode once',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'vscode-once'
        ? { path: 'vscode', external: true }
        : { path: 'vscode', namespace: 'vscode-once' },
    );
    build.onLoad({ filter: /.*/, namespace: 'vscode-once' }, () => ({
      contents: "export * from 'vscode'",
    }));
  },
};
