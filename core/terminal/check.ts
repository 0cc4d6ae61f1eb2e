import { totalmem } from 'node:os';
import { parseConfig } from '../config/index.ts';
import { jsonLine } from '../events/json-line.ts';
import { UserError } from '../events/user-error.ts';
import type { CheckResult } from '../sanity/check.ts';
import { launchChecks } from '../sanity/launch-checks.ts';
import { MemoryBudget } from '../session/memory-budget.ts';
import { checkLines } from './check-view.ts';
import { readConfigSource } from './config-source.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import { painter } from './paint.ts';
import { LARGEST_RUN_BYTES, type VerbOptions } from './train.ts';

/**
 * Looks at a config, its data and its network before a training. Returns the exit code: 1 where a check
 * fails.
 */
export async function checkVerb(
  config: string,
  options: VerbOptions,
  output: Output,
  workerFile: string,
): Promise<number> {
  const source = await readConfigSource(config, options.set);
  const parsed = parseConfig(source.text, source.file);
  const stop = new AbortController();
  output.onClosed(() => stop.abort());
  const interrupt = onInterrupt(() => stop.abort());
  const paint = painter(output.screen);
  const clear = () => {
    if (!options.json && output.screen.isTTY) output.screen.write('\r\x1b[K');
  };
  const show = (result: CheckResult) => {
    const { check, status, message, evidence, path, fixes } = result;
    // Where the key stands in the file, or the override that gave it.
    const { place } = source.blame(
      new UserError(message, { path, ...startOf(parsed.locateNearest(path, 'value')) }),
    );
    const { file, line, column } = place;
    clear();
    output.screen.write(
      options.json
        ? `${jsonLine({ type: 'check', check, status, message, evidence, path, fixes, file, line, column })}\n`
        : `${checkLines(result, place, paint).join('\n')}\n`,
    );
  };
  try {
    const results = await launchChecks(
      { configFile: source.file, configText: source.text, readableRoots: null },
      {
        workerFile,
        budget: new MemoryBudget(Math.min(LARGEST_RUN_BYTES, totalmem())),
        signal: stop.signal,
        onResult: show,
        onProgress: (share, title) => {
          if (options.json || !output.screen.isTTY) return;
          output.screen.write(`\r\x1b[K${Math.floor(100 * share)} % ${title}`);
        },
      },
    );
    const failed = results.filter(({ status }) => status === 'fail').length;
    const warned = results.filter(({ status }) => status === 'warn').length;
    clear();
    if (!options.json) {
      output.screen.write(
        `${source.name}: ${results.length} checks, ${failed} failed, ${warned} ${warned === 1 ? 'warning' : 'warnings'}.\n`,
      );
    }
    return failed > 0 ? 1 : 0;
  } catch (error) {
    clear();
    if (interrupt.interrupted()) return INTERRUPTED;
    if (stop.signal.aborted) return 0;
    throw error instanceof UserError ? source.blame(error) : error;
  } finally {
    interrupt.dispose();
  }
}

function startOf({ start }: { start: { line: number; character: number } }) {
  return { line: start.line + 1, column: start.character + 1 };
}
