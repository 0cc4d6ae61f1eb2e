import { spawnSync } from 'node:child_process';
import { run } from '../extension/development/processes.ts';

/** Installs Debian packages where that may be done without a password; false: it may not. */
export async function aptInstall(what: string, ...packages: string[]): Promise<boolean> {
  if (process.platform !== 'linux' || !works('apt-get')) return false;
  const root = process.getuid?.() === 0;
  if (!root && spawnSync('sudo', ['-n', 'true']).status !== 0) return false;
  console.log(`Installing ${what} (apt-get)…`);
  const sudo = root ? [] : ['sudo', '-n'];
  const apt = async (...args: string[]) => {
    const [command = '', ...rest] = [...sudo, 'apt-get', '-qq', ...args];
    await run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', ...packages);
  return true;
}

/** A command that is there, and not only a placeholder of that name. */
export function works(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}
