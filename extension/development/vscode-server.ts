import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { exitCode, kill, run, start, stop } from './processes.ts';
import { cacheFolder, projectRoot, vscodeVersion } from './project.ts';

/**
 * A real VS Code from the npm registry alone: the package code-server carries VS Code's server build,
 * and code-server 4.N.x carries VS Code 1.N. It is kept in a cache folder (about 900 MB).
 * Resolves to the folder of the server.
 */
export async function installVsCode(): Promise<string> {
  const minor = vscodeVersion().split('.')[1];
  const installed = join(cacheFolder, `vscode-server-1.${minor}`);
  const server = (folder: string) => join(folder, 'node_modules/code-server/lib/vscode');
  if (existsSync(installed)) return server(installed);

  console.log(`Installing VS Code 1.${minor} into ${cacheFolder} (once, about 900 MB)…`);
  // Installed aside, then renamed: an interrupted installation is never taken for a whole one.
  const partial = `${installed}.${process.pid}`;
  try {
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, 'package.json'), '{ "private": true }');
    // Install scripts would compile native parts that VS Code can do without.
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await npmInstall(partial, [`code-server@4.${minor}.x`, '--save-exact', ...flags]);
    await npmInstall(server(partial), ['--omit=dev', ...flags]);
    await rename(partial, installed).catch((error) => {
      // Another process was faster.
      if (!existsSync(installed)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return server(installed);
}

async function npmInstall(folder: string, args: string[]): Promise<void> {
  const npm = process.env.npm_execpath;
  // What npm told our own script about our own project must not lead it astray here.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|config_(local_)?prefix)/.test(name),
    ),
  );
  const [command, first] = npm
    ? [process.env.npm_node_execpath ?? process.execPath, [npm]]
    : ['npm', []];
  const code = await run(command, [...first, 'install', ...args], { cwd: folder, env });
  if (code !== 0) throw new Error(`npm install in ${folder} failed (exit ${code}); see above.`);
}

export interface ServerOptions {
  /** Profile, logs and state of this VS Code. */
  dataFolder: string;
  extensionsFolder: string;
  /** The first port tried; the next free one is taken. 0: any. */
  port: number;
  /** A secret that the URL must carry. null: none. */
  token: string | null;
  /** Lets a page drive VS Code: load an extension from a folder and run its tests. */
  drivable: boolean;
  env?: NodeJS.ProcessEnv;
}

export interface VsCodeServer {
  /** `127.0.0.1:port`: the authority of the `vscode-remote` scheme. */
  authority: string;
  /** The page that opens a folder or a workspace file; `payload`: entries for the workbench's environment. */
  page(folder: string, payload: [string, string][]): string;
  /** A file or folder on the server, as the workbench names it. */
  remoteUri(path: string): string;
  /** Everything it has printed. */
  output(): string;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<unknown>;
  close(): Promise<void>;
}

/** Starts VS Code for a browser, on loopback only. Rejects with its output when it does not start. */
export async function startVsCode(root: string, options: ServerOptions): Promise<VsCodeServer> {
  const port = await freePort(options.port);
  const authority = `127.0.0.1:${port}`;
  await writeMachineSettings(options.dataFolder);
  const args = [
    join(projectRoot, 'extension/development/leash.mjs'),
    ...[process.execPath, join(root, 'out/server-main.js')],
    ...['--host', '127.0.0.1', '--port', String(port)],
    ...(options.token ? ['--connection-token', options.token] : ['--without-connection-token']),
    ...['--server-data-dir', options.dataFolder, '--extensions-dir', options.extensionsFolder],
    ...['--accept-server-license-terms', '--disable-telemetry', '--disable-experiments'],
    ...['--disable-workspace-trust', '--disable-update-check'],
    ...(options.drivable ? ['--enable-smoke-test-driver'] : []),
  ];
  const child = start(process.execPath, args, {
    stdio: 'pipe',
    env: { ...process.env, ...options.env },
  });
  let output = '';
  const listening = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Extension host agent listening')) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    const fail = (why: string) => reject(new Error(`VS Code did not start: ${why}\n${output}`));
    exitCode(child).then(
      (code) => fail(`it ended with exit code ${code}`),
      (error: Error) => fail(error.message),
    );
    setTimeout(() => fail('nothing within 60 seconds'), 60_000).unref();
  });
  try {
    await listening;
  } catch (error) {
    kill(child, 'SIGKILL');
    throw error;
  }

  return {
    authority,
    page(folder, payload) {
      const query = new URLSearchParams();
      if (options.token) query.set('tkn', options.token);
      query.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://${authority}/?${query}`;
    },
    remoteUri: (path) => `vscode-remote://${authority}${encodeURI(path)}`,
    output: () => output,
    ended: exitCode(child),
    close: () => stop(child),
  };
}

/** Settings that a machine's VS Code applies in every window: no ads, nothing from the network. */
async function writeMachineSettings(dataFolder: string): Promise<void> {
  const folder = join(dataFolder, 'data/Machine');
  await mkdir(folder, { recursive: true });
  const settings = {
    // The samples of `npm start` lie in a clone of this project: nobody is to be asked about it.
    'git.openRepositoryInParentFolders': 'never',
    'chat.disableAIFeatures': true,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    // A reloaded window shows what it showed, although its URL names a file to open.
    'window.restoreWindows': 'preserve',
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

/** The first port from `first` on that nothing listens on; for 0, one that the system picks. */
async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + 100; port++) {
    const found = await new Promise<number | null>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(null));
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : null));
      });
    });
    if (found !== null) return found;
  }
  throw new Error(`No free port between ${first} and ${first + 99}.`);
}

export function randomToken(): string {
  return randomBytes(16).toString('hex');
}

/** Installs a .vsix into an extensions folder, as a user would. */
export async function installVsix(root: string, vsix: string, extensions: string): Promise<void> {
  const args = ['--install-extension', vsix, '--force', '--extensions-dir', extensions];
  const child = start(process.execPath, [join(root, 'out/server-main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  const code = await exitCode(child);
  const installed = (await readdir(extensions).catch(() => [])).some((name) =>
    name.startsWith('trainscope.'),
  );
  if (code !== 0 || !installed) throw new Error(`VS Code did not install ${vsix}:\n${output}`);
}
