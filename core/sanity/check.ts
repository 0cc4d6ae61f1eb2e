import type { ConfigPath, Fix, Json } from '../events/finding.ts';
import type { CheckContext } from './context.ts';

/** `warn`: it will hurt; `fail`: training is pointless so; `skip`: it cannot be told here, the message says why. */
export type CheckStatus = 'pass' | 'warn' | 'fail' | 'skip';

export type CheckId =
  | 'input-data'
  | 'label-sanity'
  | 'initial-loss'
  | 'regularization-raises-loss'
  | 'activation-statistics'
  | 'gradient-flow'
  | 'overfit-tiny-batch'
  | 'learning-rate-range'
  | 'input-independence'
  | 'train-eval-consistency'
  | 'gradient-norms';

/** What a check has seen. */
export interface CheckOutcome {
  status: CheckStatus;
  /** What was seen, with its numbers; where something is wrong, what it means and what to do. */
  message: string;
  evidence: { [name: string]: Json };
  /** The key to blame, or the one that was looked at. */
  path: ConfigPath;
  fixes: Fix[];
}

export interface CheckResult extends CheckOutcome {
  check: CheckId;
  title: string;
}

/** One thing that is looked at before a training. Never throws for what a config or data may hold. */
export interface Check {
  id: CheckId;
  title: string;
  run(context: CheckContext): CheckOutcome;
}

/** An outcome, from what is not the usual. */
export function outcome(
  status: CheckStatus,
  path: ConfigPath,
  message: string,
  evidence: CheckOutcome['evidence'] = {},
  fixes: Fix[] = [],
): CheckOutcome {
  return { status, message, evidence, path, fixes };
}
