import type { EditorWindow } from './window.ts';

/**
 * Milliseconds of the extension's activation at the start of this window, as VS Code itself tells
 * them under *Running Extensions*: loading its code, and the call of `activate`.
 */
export async function activationTime({ page, host }: EditorWindow): Promise<number> {
  await host.execute('workbench.action.showRuntimeExtensions');
  const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'Trainscope' });
  const told = await row.locator('.activation-time').textContent({ timeout: 20_000 });
  await host.execute('workbench.action.closeActiveEditor');
  const milliseconds = /(\d+)\s?ms/.exec(told ?? '')?.[1];
  if (milliseconds === undefined) throw new Error(`No activation time in “${told}”.`);
  return Number(milliseconds);
}
