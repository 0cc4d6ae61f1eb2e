import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { run } from '../extension/development/processes.ts';
import { projectRoot } from '../extension/development/project.ts';
import { aptInstall, works } from './apt.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium of this machine, or one that is installed now. Rejects when there is none to be had. */
export async function installChromium(): Promise<string> {
  const present = findChromium();
  if (present) return present;
  if (await aptInstall('Chromium', 'chromium', 'fonts-dejavu-core')) {
    const installed = findChromium();
    if (installed) return installed;
  }
  console.log('Installing Chromium (Playwright)…');
  const cli = join(projectRoot, 'node_modules/playwright-core/cli.js');
  await run(process.execPath, [cli, 'install', 'chromium']);
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'No Chromium: it is not on the PATH, and neither apt-get nor Playwright could install it. ' +
      'Install Chromium or Chrome and run this again.',
  );
}

function findChromium(): string | null {
  const own = chromium.executablePath();
  // Some systems put a placeholder of that name on the PATH, which only says what to install.
  return NAMES.find(works) ?? (existsSync(own) ? own : null);
}

/** A headless Chromium with an empty profile that asks nothing of the network. */
export async function launchChromium(executable: string): Promise<Browser> {
  return chromium.launch({
    executablePath: NAMES.includes(executable) ? which(executable) : executable,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

function which(command: string): string {
  const folders = (process.env.PATH ?? '').split(':');
  const found = folders.map((folder) => join(folder, command)).find((file) => existsSync(file));
  return found ?? command;
}
