import type { ConfigPath } from './finding.ts';
import type { RuleId } from './rule-ids.ts';

/** Where in which text an error lies. Lines and columns are 1-based, as people count them. */
export interface Place {
  file?: string;
  line?: number;
  column?: number;
  /** The key of the config that is to blame. */
  path?: ConfigPath;
  /** The rule that this breaks, where it has a name. */
  rule?: RuleId;
}

/**
 * Bad input: something its user can mend. The message says what is wrong, what was expected and what
 * to do; the place says where. Any other exception is a defect of ours.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly place: Place;

  constructor(message: string, place: Place = {}) {
    super(message);
    this.place = place;
  }
}
