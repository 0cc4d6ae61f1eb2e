import { spawnSync } from 'node:child_process';
import { cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './processes.ts';
import { cacheFolder, projectRoot, vscodeVersion } from './project.ts';
import { serve } from './serve.ts';

/** `npm start`: the extension in desktop VS Code, or in a VS Code served to the browser. */

const FILE = 'digits.train.yaml';
const stateFolder = join(cacheFolder, 'start');
const workspace = join(stateFolder, 'samples');
const windows = process.platform === 'win32';

if ((await run(process.execPath, [...process.execArgv, 'esbuild.config.ts'])) !== 0)
  process.exit(1);
await copySamples();
if (!openDesktop()) await openBrowser();

/** The project's samples stay as they are; what the user changed or trained in the copy stays too. */
async function copySamples(): Promise<void> {
  await cp(join(projectRoot, 'extension/samples'), workspace, {
    recursive: true,
    preserveTimestamps: true,
    filter: async (from, to) => {
      const [source, copy] = await Promise.all([stat(from), stat(to).catch(() => null)]);
      return source.isDirectory() || copy === null || copy.mtimeMs < source.mtimeMs;
    },
  });
}

function openDesktop(): boolean {
  // In a terminal of a remote VS Code, `code` speaks to a window that cannot load our folder.
  if (process.env.VSCODE_IPC_HOOK_CLI) return false;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return false;
  const version = spawnSync('code', ['--version'], { encoding: 'utf8', shell: windows });
  if (version.status !== 0) return false;
  const installed = version.stdout.split('\n')[0] ?? '';
  if (installed.localeCompare(vscodeVersion(), undefined, { numeric: true }) < 0) {
    console.log(`The VS Code on the PATH is ${installed}; Trainscope needs ${vscodeVersion()}.`);
    return false;
  }
  const args = ['--new-window', `--extensionDevelopmentPath=${projectRoot}`];
  const opened = spawnSync('code', [...args, workspace, join(workspace, FILE)], { shell: windows });
  if (opened.status === 0) console.log('Trainscope is open in VS Code: press ▶ Train.');
  return opened.status === 0;
}

async function openBrowser(): Promise<void> {
  const server = await serve({ stateFolder, workspace, file: FILE, port: 8137 });
  console.log('\nVS Code with Trainscope runs at this address, for this machine only:\n');
  console.log(server.url);
  console.log('\nOpen it in a browser and press ▶ Train above the file. Ctrl-C ends it.');
  await server.ended;
  console.error(`VS Code has ended:\n${server.output()}`);
  process.exit(1);
}
