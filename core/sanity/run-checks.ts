import type { Check, CheckResult } from './check.ts';
import { ALL_CHECKS } from './checks/index.ts';
import { CheckContext, type CheckedConfig, type CheckLimits } from './context.ts';

/** The checks of a config, one after another; who iterates may stop between any two. */
export function* runChecks(
  prepared: CheckedConfig,
  { onProgress, ...limits }: CheckLimits = {},
  checks: readonly Check[] = ALL_CHECKS,
): Generator<CheckResult> {
  let done = 0;
  const context = new CheckContext(prepared, {
    ...limits,
    onProgress: (share) => onProgress?.((done + share) / checks.length),
  });
  for (const check of checks) {
    context.begin();
    const { id, title } = check;
    yield { check: id, title, ...check.run(context) };
    done++;
    context.report(0);
  }
}
