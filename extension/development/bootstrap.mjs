// node bootstrap.mjs SCRIPT [ARGUMENT]…
// Runs SCRIPT (relative to the project) on the Node of node_modules, installing first what the
// lockfile asks for. Needs nothing but Node 20 and the npm that comes with it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const windows = process.platform === 'win32';
const bin = join(root, 'node_modules', 'node', 'bin');
const node = join(bin, windows ? 'node.exe' : 'node');

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Trainscope needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}
if (!isInstalled()) install();

const [script, ...args] = process.argv.slice(2);
// The bundles are CommonJS and the sources modules, so package.json cannot name one type for both.
const quiet = '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON';
const child = spawn(node, [quiet, join(root, script), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...pathWith(join(root, 'node_modules', '.bin'), bin) },
});
// Ctrl-C reaches the child too, as part of the terminal's process group; wait for it to clean up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => {
  console.error(`Could not start ${node}: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

function isInstalled() {
  // npm writes this file last, so an interrupted installation does not count.
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || !existsSync(node)) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function install() {
  console.log('Installing dependencies (npm ci)…');
  // npm says where it is when it runs a script; otherwise it is on the PATH.
  const npm = process.env.npm_execpath;
  const npmNode = process.env.npm_node_execpath ?? process.execPath;
  const [command, first] = npm ? [npmNode, [npm]] : [windows ? 'npm.cmd' : 'npm', []];
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(command, [...first, ...options], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows && !npm,
  });
  if (result.status === 0 && existsSync(node)) return;
  console.error(
    result.error
      ? `npm could not be started: ${result.error.message}`
      : `npm ci failed (exit ${result.status}): the dependencies are not installed. See above.`,
  );
  process.exit(1);
}

function pathWith(...folders) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { [key]: [...folders, process.env[key]].join(windows ? ';' : ':') };
}
