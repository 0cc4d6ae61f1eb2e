import { applyEdits, replaceAll } from '../../../core/config/index.ts';
import { type Repair, repair } from '../../../core/repair/repair.ts';
import { type Outcome, outcomeOf } from './effect/outcome.ts';
import type { Recipe } from './generator/cases.ts';
import { proposalsOf, type Repairer } from './repairers.ts';
import { train } from './run.ts';
import type { Store } from './store.ts';

/** What `trainscope repair` has done to a config. */
export interface Repaired {
  titles: string[];
  retrains: number;
  repaired: boolean;
  /** How both do on seeds that the repair has not seen, on examples that are as they should be. */
  before: Outcome[];
  after: Outcome[];
  /** Milliseconds of one training as it was, of the diagnosis with all retrainings, and of all with the verification. */
  plainTime: number;
  repairTime: number;
  wholeTime: number;
}

const FILE = 'case.train.json';
/** Far from those of labels, judgements and the verification. */
const HELD_OUT = [31, 32, 33];

export interface RepairCase {
  recipe: (options: { seed: number; truth?: boolean; inspect?: boolean }) => Recipe;
  seed: number;
  classes: number;
  repairer: Repairer;
}

/** Repairs what a recipe is for one seed, and measures what that was worth. */
export async function repairCase(
  { recipe, seed, classes, repairer }: RepairCase,
  store: Store,
  folder: string,
): Promise<Repaired> {
  const { config, files } = recipe({ seed });
  const plain = await train({ config, files }, folder);
  let repairTime = 0;
  let wholeTime = 0;
  let verifying = false;
  const result = await repair(
    config,
    FILE,
    async (text, trial) => {
      const ours = repairer === 'Trainscope';
      // Others do not know when a run is hopeless, or good enough.
      const run = await train({ config: text, files }, folder, ours ? trial : undefined);
      wholeTime += run.time;
      if (!verifying) repairTime += run.time;
      if (ours) return run.finished;
      return { ...run.finished, findings: proposalsOf(repairer, run.events, seed) };
    },
    (step) => {
      verifying ||= step.type === 'verifying';
    },
  );
  const { titles, retrains, repaired } = result;
  const outcomes = await Promise.all(
    HELD_OUT.map(async (held) => {
      const unseen = recipe({ seed: held, truth: true, inspect: false });
      const mended = { ...unseen, config: mend(unseen.config, result) };
      const outcome = (some: Recipe) =>
        store.of(some, 'outcome', ({ events, finished }) => outcomeOf(events, finished, classes));
      return { before: await outcome(unseen), after: await outcome(mended) };
    }),
  );
  return {
    titles,
    retrains,
    repaired,
    before: outcomes.map(({ before }) => before),
    after: outcomes.map(({ after }) => after),
    plainTime: plain.time,
    repairTime,
    wholeTime,
  };
}

function mend(text: string, { edits }: Repair): string {
  return edits.length === 0 ? text : replaceAll(text, applyEdits(text, FILE, edits));
}
