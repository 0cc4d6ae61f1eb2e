import { Diagnosis } from '../diagnosis/diagnosis.ts';
import { ALL_RULES } from '../diagnosis/rules/index.ts';
import type { Finding } from '../events/finding.ts';
import type { Prepared } from './prepare.ts';
import type { RunRequest } from './protocol.ts';
import { startedEvent } from './started.ts';

/** What the rules say of a config and its data before the first step: no kernel is run. */
export function staticFindings(
  prepared: Prepared,
  request: Pick<RunRequest, 'configFile' | 'configText'>,
): Finding[] {
  const diagnosis = new Diagnosis(ALL_RULES);
  diagnosis.see(startedEvent(prepared, request, { kernels: 'simd', threads: 1 }));
  diagnosis.see(prepared.dataset.statistics);
  return diagnosis.findings;
}
