import { parentPort, workerData } from 'node:worker_threads';
import { type Outcome, outcomeOf } from './effect/outcome.ts';
import { type Trait, traitOf } from './effect/trait.ts';
import { allSubjects } from './generator/cases.ts';
import { draw, MIX_DATA, type MixData, reference } from './generator/mix.ts';
import { type Judged, judgeAll } from './judging/judge-all.ts';
import type { Repairer } from './repairers.ts';
import { type Repaired, repairCase } from './repairing.ts';
import { Store } from './store.ts';

/** One training, and what is wanted of it. Ids are those of subjects, or of what the mix has drawn. */
export type Job =
  /** How well it does on examples that are as they should be. */
  | { want: 'outcome'; id: string; seed: number }
  /** What it looks like. */
  | { want: 'trait'; id: string; seed: number }
  /** What the rules, and those of others, say of it. */
  | { want: 'judged'; id: string; seed: number }
  /** What `trainscope repair`, or another one, makes of it. */
  | { want: 'repaired'; id: string; seed: number; repairer: Repairer };

export type Result<T extends Job> = T extends { want: 'outcome' }
  ? Outcome
  : T extends { want: 'trait' }
    ? Trait
    : T extends { want: 'repaired' }
      ? Repaired
      : Judged;

const { keep, scratch } = workerData as { keep: string | null; scratch: string };
const store = new Store(keep, scratch);
const subjects = new Map(allSubjects().map((subject) => [subject.id, subject]));

/** What an id stands for. */
function subjectOf(id: string) {
  const subject = subjects.get(id);
  if (subject) return { recipe: subject.recipe, classes: subject.base.classes };
  const name = id.replace(/^mix\//, '');
  return MIX_DATA.includes(name as MixData) ? reference(name as MixData) : draw(Number(name));
}

async function done(job: Job): Promise<Result<Job>> {
  const { want, id, seed } = job;
  const { recipe, classes } = subjectOf(id);
  switch (job.want) {
    case 'outcome': {
      const unseen = recipe({ seed, truth: true, inspect: false });
      return store.of(unseen, want, ({ events, finished }) => outcomeOf(events, finished, classes));
    }
    case 'trait':
      return traitOf((await store.trained(recipe({ seed }))).events);
    case 'judged':
      return judgeAll(await store.trained(recipe({ seed })));
    case 'repaired':
      return repairCase(
        { recipe, seed, classes, repairer: job.repairer },
        store,
        `${scratch}/repair`,
      );
  }
}

parentPort!.on('message', (job: Job) => {
  // What goes wrong here ends the benchmark, with the case that it happened in.
  done(job).then(
    (result) => parentPort!.postMessage(result),
    (error: Error) => {
      throw new Error(`${job.id}, seed ${job.seed}: ${error.message}`, { cause: error });
    },
  );
});
