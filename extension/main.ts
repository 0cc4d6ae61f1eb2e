import type { ExtensionContext } from 'vscode';
import { Trainscope } from './trainscope.ts';

let running: Trainscope | null = null;

export function activate(context: ExtensionContext): Trainscope {
  running = new Trainscope(context);
  return running;
}

/** Resolves when every worker has ended and every log is closed. */
export async function deactivate(): Promise<void> {
  await running?.dispose();
  running = null;
}
