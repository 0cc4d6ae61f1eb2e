import { effectOf } from './effect/effect.ts';
import type { Outcome } from './effect/outcome.ts';
import type { Trait } from './effect/trait.ts';
import { allSubjects, type Subject } from './generator/cases.ts';
import { draw, MIX_DATA, type MixData } from './generator/mix.ts';
import type { Label, LabelledDrawn, LabelledSubject, Manifest } from './manifest.ts';
import { inParallel, type PoolOptions } from './pool.ts';

/** Runs of each change, and of its base, that its effect is measured over. */
const SEEDS = 10;
/** Of a network of the mix; its reference has SEEDS. */
const MIX_SEEDS = 3;

/** How many of each are in the mix: as in AutoTrainer's. */
const HEALTHY = 233;
const FAULTY: { readonly [trait in Trait]: number } = {
  slow: 149,
  exploding: 38,
  vanishing: 34,
  'dying relu': 17,
  oscillating: 17,
  hard: 7,
};
const MOST_DRAWN = 1200;
const DRAWN_AT_ONCE = 100;

/** Measures what each change does. */
export async function labelSubjects(pool: PoolOptions): Promise<Manifest['subjects']> {
  const subjects = allSubjects();
  const outcomes = await outcomesOf(
    subjects.map(({ id }) => id),
    SEEDS,
    pool,
  );
  return Object.fromEntries(
    subjects
      .filter(({ kind }) => kind !== 'base')
      .map(({ id, base, kind }): [string, LabelledSubject] => {
        const effect = effectOf(outcomes.get(id)!, outcomes.get(base.name)!);
        return [id, { label: labelOf(kind, effect), ...effect }];
      }),
  );
}

/** Another way to train may take longer: its time is its own. It must be as good in the end. */
function labelOf(kind: Subject['kind'], { harms }: { harms: 'score' | 'time' | null }): Label {
  if (kind === 'variant') return harms === 'score' ? 'unclear' : 'healthy';
  return harms === null ? 'healthy' : 'faulty';
}

async function outcomesOf(
  ids: readonly string[],
  seeds: number,
  pool: PoolOptions,
): Promise<Map<string, Outcome[]>> {
  // Seed after seed: what is interrupted has something of everything.
  const jobs = Array.from({ length: seeds }, (_, i) =>
    ids.map((id) => ({ want: 'outcome' as const, id, seed: i + 1 })),
  ).flat();
  const results = await inParallel(jobs, pool);
  const outcomes = new Map<string, Outcome[]>(ids.map((id) => [id, []]));
  for (const [i, { id }] of jobs.entries()) outcomes.get(id)!.push(results[i]!);
  return outcomes;
}

/** Draws until there are as many of each kind as wanted, or enough has been drawn. */
export async function drawMix(pool: PoolOptions): Promise<Manifest['mix']> {
  const references = await outcomesOf(
    MIX_DATA.map((data) => `mix/${data}`),
    SEEDS,
    pool,
  );
  const best = (data: MixData) => references.get(`mix/${data}`)!;
  const missing: { [kind: string]: number } = { healthy: HEALTHY, ...FAULTY };
  const chosen: [string, LabelledDrawn][] = [];
  for (let from = 0; from < MOST_DRAWN; from += DRAWN_AT_ONCE) {
    if (Object.values(missing).every((count) => count === 0)) break;
    const some = Array.from({ length: DRAWN_AT_ONCE }, (_, i) => draw(from + i));
    const outcomes = await outcomesOf(
      some.map(({ id }) => id),
      MIX_SEEDS,
      pool,
    );
    const effects = some.map(({ id, data }) => effectOf(outcomes.get(id)!, best(data)));
    // What it looks like matters only where it does harm.
    const harmed = some.filter((_, i) => effects[i]!.harms === 'score');
    const traits = await inParallel(
      harmed.map(({ id }) => ({ want: 'trait' as const, id, seed: 1 })),
      pool,
    );
    for (const [i, drawn] of some.entries()) {
      const { id, data } = drawn;
      const { score, base, p } = effects[i]!;
      const at = harmed.indexOf(drawn);
      const trait = at < 0 ? undefined : traits[at]!;
      const kind = trait ?? 'healthy';
      if (missing[kind]! === 0) continue;
      missing[kind]!--;
      const label = trait ? 'faulty' : 'healthy';
      chosen.push([id, { label, data, ...(trait && { trait }), score, base, p }]);
    }
    console.error(`Drawn: ${from + DRAWN_AT_ONCE}; still wanted: ${JSON.stringify(missing)}`);
  }
  return Object.fromEntries(chosen);
}
