import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../extension/development/project.ts';
import { installVsCode, startVsCode } from '../../extension/development/vscode-server.ts';
import { installChromium, launchChromium } from '../browser.ts';
import { type Counts, follow, RESULTS_VARIABLE } from '../results.ts';
import { bundleHostTests } from './bundle.ts';
import { isNoise } from './noise.ts';
import { scratchWorkspace } from './workspace.ts';

const MINUTES = 10;

/** Runs the host suites inside the extension host of a real VS Code, driven through a browser. */
export async function runHostTests(): Promise<Counts> {
  const [server, chromium, runner] = await Promise.all([
    installVsCode(),
    installChromium(),
    bundleHostTests(),
  ]);
  const scratch = await scratchWorkspace();
  const results = join(scratch.folder, 'results.jsonl');
  const log: string[] = [];
  const vscode = await startVsCode(server, {
    dataFolder: join(scratch.folder, 'data'),
    extensionsFolder: join(scratch.folder, 'extensions'),
    port: 0,
    token: null,
    drivable: true,
    env: { [RESULTS_VARIABLE]: results },
  });
  const browser = await launchChromium(chromium);
  const progress = follow(results);
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const exited = new Promise<void>((resolve) => {
      void page.exposeFunction('codeAutomationExit', () => resolve());
    });
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      const line = `[${type}] ${args.map(String).join(' ')}`;
      log.push(line);
      if ((type === 'error' || type === 'warn') && !isNoise(line)) console.log(`     ${line}`);
    });
    page.on('console', (message) => log.push(`[page] ${message.text()}`));
    await page.goto(
      vscode.page(scratch.workspace, [
        ['extensionDevelopmentPath', vscode.remoteUri(projectRoot)],
        ['extensionTestsPath', vscode.remoteUri(runner)],
        ['skipWelcome', 'true'],
      ]),
    );
    await Promise.race([exited, timeout(MINUTES * 60_000)]);
    if (!progress.ended()) {
      console.log(`     VS Code gave no result within ${MINUTES} minutes, or ended too early.`);
      await page.screenshot({ path: join(await artifacts(), 'host-broken-off.png') });
    }
  } finally {
    await browser.close();
    await vscode.close();
    await writeFile(join(await artifacts(), 'host.log'), `${log.join('\n')}\n${vscode.output()}`);
    scratch.remove();
  }
  return progress.finish();
}

async function artifacts(): Promise<string> {
  const folder = join(projectRoot, 'test/artifacts');
  await mkdir(folder, { recursive: true });
  return folder;
}

function timeout(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
