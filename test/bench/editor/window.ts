import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { projectRoot } from '../../../extension/development/project.ts';
import { installVsCode, startVsCode } from '../../../extension/development/vscode-server.ts';
import { installChromium, launchChromium } from '../../browser.ts';
import { type Host, openSwitchboard } from './host-link.ts';
import { PORT_VARIABLE } from './protocol.ts';

/** VS Code has settled when its extension host has called and this has passed. */
const SETTLE_MS = 3000;

/** One window of VS Code, with a profile and an extension host of its own. */
export interface EditorWindow {
  page: Page;
  host: Host;
  close(): Promise<void>;
}

export interface Editor {
  /** A new window on the workspace; `prepare` has the page before anything is loaded. */
  open(prepare?: (page: Page) => Promise<void>): Promise<EditorWindow>;
  close(): Promise<void>;
}

/** A real VS Code with the bundles of dist/, whose extension hosts do what the bench asks. */
export async function startEditor(folder: string, workspace: string): Promise<Editor> {
  const [root, chromium] = [await installVsCode(), await installChromium()];
  const runner = await bundleHost();
  const switchboard = await openSwitchboard();
  const extensionsFolder = join(folder, 'extensions');
  await mkdir(extensionsFolder, { recursive: true });
  const vscode = await startVsCode(root, {
    dataFolder: join(folder, 'data'),
    extensionsFolder,
    port: 0,
    token: null,
    drivable: true,
    env: { [PORT_VARIABLE]: String(switchboard.port) },
  });
  const browser = await launchChromium(chromium);
  const url = vscode.page(workspace, [
    ['extensionDevelopmentPath', vscode.remoteUri(projectRoot)],
    ['extensionTestsPath', vscode.remoteUri(runner)],
    ['skipWelcome', 'true'],
  ]);
  return {
    async open(prepare) {
      const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
      const page = await context.newPage();
      await page.exposeFunction('codeAutomationLog', () => {});
      await page.exposeFunction('codeAutomationExit', () => {});
      await prepare?.(page);
      const called = switchboard.next();
      await page.goto(url);
      const host = await called;
      await page.waitForTimeout(SETTLE_MS);
      const close = async () => {
        host.hangUp();
        await context.close();
      };
      return { page, host, close };
    },
    async close() {
      await browser.close();
      await vscode.close();
      switchboard.close();
    },
  };
}

async function bundleHost(): Promise<string> {
  const outfile = join(projectRoot, 'dist/bench-host/host.js');
  await build({
    absWorkingDir: projectRoot,
    entryPoints: ['test/bench/editor/host.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
  });
  return outfile;
}
