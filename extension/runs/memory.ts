import * as vscode from 'vscode';
import { SETTINGS } from '../ids.ts';

/** Bytes that all running trainings of this window may use together. */
export function memoryLimit(): number {
  const megabytes = vscode.workspace.getConfiguration().get<number>(SETTINGS.memoryLimit, 4096);
  return megabytes * 2 ** 20;
}
