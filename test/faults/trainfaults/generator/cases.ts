import type { RuleId } from '../../../../core/events/rule-ids.ts';
import { BASES, type Base } from './bases.ts';
import { type Draft, type Tables, toCsv } from './draft.ts';
import { FAULTS } from './faults.ts';
import { VARIANTS } from './variants.ts';

/** Counts up when what is generated changes: labels of another version are void. */
export const GENERATOR = 1;

/** What is trained: a config and the files beside it. */
export interface Recipe {
  config: string;
  files: { [name: string]: string };
}

/** A base with one change, or none. Its label is in the manifest. */
export interface Subject {
  /** e.g. `circles/rate high/severe`. */
  id: string;
  base: Base;
  kind: 'base' | 'fault' | 'variant';
  /** Of the fault class or the variant. */
  name: string;
  /** Of a variant. */
  hard: boolean;
  causes: readonly RuleId[];
  /** As its user would train it; with `truth`, it is validated on examples that are as they should be. */
  recipe(options: { seed: number; truth?: boolean; inspect?: boolean }): Recipe;
}

export function allSubjects(): Subject[] {
  return BASES.flatMap((base) => {
    const suits = ({ needsClasses }: { needsClasses?: boolean }) =>
      !needsClasses || base.classes > 0;
    return [
      subject(base, { id: base.name, kind: 'base', name: 'base' }, () => {}),
      ...FAULTS.filter(suits).flatMap(({ name, causes, change }) =>
        ([0, 1] as const).map((severity) => {
          const id = `${base.name}/${name}/${severity === 0 ? 'mild' : 'severe'}`;
          return subject(base, { id, kind: 'fault', name, causes }, (draft, tables) =>
            change({ draft, tables, base }, severity),
          );
        }),
      ),
      ...VARIANTS.filter(suits).map(({ name, hard, change }) => {
        const id = `${base.name}/healthy/${name}`;
        return subject(base, { id, kind: 'variant', name, hard }, (draft, tables) =>
          change({ draft, tables, base }),
        );
      }),
    ];
  });
}

type Facts = Pick<Subject, 'id' | 'kind' | 'name'> & Partial<Pick<Subject, 'hard' | 'causes'>>;

function subject(
  base: Base,
  facts: Facts,
  change: (draft: Draft, tables: Tables) => void,
): Subject {
  return {
    base,
    hard: false,
    causes: [],
    ...facts,
    recipe: (options) => {
      const draft = base.draft();
      const tables = base.tables();
      change(draft, tables);
      return recipeOf(draft, tables, options);
    },
  };
}

export function recipeOf(
  draft: Draft,
  { train, validation, test }: Tables,
  { seed, truth = false, inspect = true }: { seed: number; truth?: boolean; inspect?: boolean },
): Recipe {
  const config = {
    ...draft,
    data: { source: 'train.csv', label: 'y', validation: 'validation.csv', ...draft.data },
    training: {
      ...draft.training,
      seed,
      // The trace must not depend on the rules that are to judge it.
      stopOnExplosion: false,
      threads: 1,
      checkpoint: { every: 100_000, keep: 1 },
    },
    ...(!inspect && { inspect: 'none' }),
  };
  return {
    config: JSON.stringify(config),
    files: { 'train.csv': toCsv(train), 'validation.csv': toCsv(truth ? test : validation) },
  };
}
