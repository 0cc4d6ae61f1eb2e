import { describe, expect, it, test } from 'vitest';
import { parseConfig } from '../../../core/config/index.ts';
import { BASES } from './generator/bases.ts';
import { allSubjects, type Recipe } from './generator/cases.ts';
import { FAULTS } from './generator/faults.ts';
import { draw, MIX_DATA, reference } from './generator/mix.ts';
import { VARIANTS } from './generator/variants.ts';
import { readManifest } from './manifest.ts';

const subjects = allSubjects();

/** Columns and rows of a table, and where it has gaps. */
function tableOf(csv: string) {
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  return { rows, labels: rows.map((row) => row.at(-1)!), gaps: rows.flat().filter((x) => !x) };
}

const recipeOf = (id: string, truth = false): Recipe =>
  subjects.find((subject) => subject.id === id)!.recipe({ seed: 1, truth });

test('there are as many changes as promised, each with a name of its own', () => {
  expect(BASES).toHaveLength(6);
  expect(FAULTS.length).toBeGreaterThanOrEqual(20);
  expect(2 * VARIANTS.filter(({ hard }) => hard).length).toBeGreaterThanOrEqual(VARIANTS.length);
  expect(new Set(subjects.map(({ id }) => id)).size).toBe(subjects.length);
});

const drawn = [...[...Array(20).keys()].map(draw), ...MIX_DATA.map(reference)];
test.each([
  ...BASES.map((base) => ({ name: base.name, some: subjects.filter((one) => one.base === base) })),
  { name: 'the mix', some: drawn },
])('every config on $name can be read', { timeout: 60_000 }, ({ some }) => {
  for (const { id, recipe } of some) {
    const { config, files } = recipe({ seed: 1 });
    const { problems } = parseConfig(config, 'case.train.json');
    expect(problems, id).toEqual([]);
    for (const part of Object.values(files))
      expect(part.trimEnd().split('\n').length, id).toBeGreaterThan(2);
  }
});

it('makes the same each time', () => {
  const id = 'digits/shuffled labels/severe';
  expect(recipeOf(id)).toEqual(recipeOf(id));
  expect(draw(7).draft).toEqual(draw(7).draft);
  expect(draw(7).draft).not.toEqual(draw(8).draft);
});

describe('what is done to data', () => {
  const before = tableOf(recipeOf('digits').files['train.csv']!);

  it('gives all labels to other rows, and leaves the truth alone', () => {
    const { files } = recipeOf('digits/shuffled labels/severe');
    const after = tableOf(files['train.csv']!);
    expect(after.labels).not.toEqual(before.labels);
    expect(after.labels.toSorted()).toEqual(before.labels.toSorted());
    expect(after.rows.map((row) => row.slice(0, -1))).toEqual(
      before.rows.map((row) => row.slice(0, -1)),
    );
    expect(recipeOf('digits/shuffled labels/severe', true).files['validation.csv']).toBe(
      recipeOf('digits', true).files['validation.csv'],
    );
  });

  it('gives rows the label of their neighbour', () => {
    const { labels } = tableOf(recipeOf('digits/shifted labels/severe').files['train.csv']!);
    expect(labels.toSorted()).toEqual(before.labels.toSorted());
  });

  it('makes gaps', () => {
    expect(before.gaps).toHaveLength(0);
    expect(tableOf(recipeOf('digits/nan input/mild').files['train.csv']!).gaps).toHaveLength(1);
  });

  it('keeps few of all classes but one', () => {
    const { labels } = tableOf(recipeOf('digits/imbalance/severe').files['train.csv']!);
    const counts = new Map<string, number>();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    const sizes = [...counts.values()].sort((a, b) => a - b);
    expect(sizes).toHaveLength(10);
    expect(sizes.at(-1)).toBeGreaterThan(20 * sizes.at(-2)!);
  });
});

test('the labels are those of this generator', () => {
  const { subjects: labels } = readManifest();
  const labelled = subjects.filter(({ kind }) => kind !== 'base').map(({ id }) => id);
  expect(Object.keys(labels)).toEqual(labelled);
  for (const [id, { label, harms }] of Object.entries(labels)) {
    if (label === 'faulty') expect(harms, id).not.toBeNull();
    if (label === 'healthy') expect(harms, id).not.toBe('score');
  }
});
