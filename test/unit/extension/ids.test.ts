import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../extension/development/project.ts';
import {
  COMMANDS,
  CONTEXT_KEYS,
  DASHBOARD,
  ENSEMBLE,
  GRAPH,
  SAMPLE_STAGES,
  SETTINGS,
  SWEEP,
  VIEW_ITEMS,
  VIEWS,
  WALKTHROUGH,
} from '../../../extension/ids.ts';

const text = readFileSync(join(projectRoot, 'package.json'), 'utf8');
const manifest = JSON.parse(text);
const { contributes } = manifest;
const strings = JSON.parse(readFileSync(join(projectRoot, 'package.nls.json'), 'utf8'));

interface Clause {
  command: string;
  when?: string;
  enablement?: string;
}
const placed: Clause[] = [
  ...contributes.commands,
  ...contributes.keybindings,
  ...Object.values<Clause[]>(contributes.menus).flat(),
];
const clauses = [
  ...placed.flatMap(({ when, enablement }) => [when, enablement]),
  ...contributes.walkthroughs.flatMap((walkthrough: { steps: { completionEvents: string[] }[] }) =>
    walkthrough.steps.flatMap((step) => step.completionEvents),
  ),
].filter((clause): clause is string => clause !== undefined);

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

describe('package.json and the code name the same', () => {
  it('commands', () => {
    expect(sorted(contributes.commands.map(({ command }: Clause) => command))).toEqual(
      sorted(COMMANDS),
    );
  });

  it('commands in menus, keybindings and texts', () => {
    const named = [
      ...placed.map(({ command }) => command),
      ...[...JSON.stringify(strings).matchAll(/\(command:(trainscope\.\w+)/g)].map(([, id]) => id!),
    ];
    expect(named.filter((id) => !(COMMANDS as readonly string[]).includes(id))).toEqual([]);
  });

  it('settings', () => {
    expect(sorted(Object.keys(contributes.configuration.properties))).toEqual(
      sorted(Object.values(SETTINGS)),
    );
  });

  it('views', () => {
    const views = Object.values<{ id: string }[]>(contributes.views).flat();
    expect(sorted(views.map(({ id }) => id))).toEqual(sorted(Object.values(VIEWS)));
    const named = [
      ...contributes.viewsWelcome.map(({ view }: { view: string }) => view),
      ...clauses.flatMap((clause) =>
        [...clause.matchAll(/(?:view|focusedView) == (\S+)/g)].map(([, id]) => id!),
      ),
    ];
    expect(sorted(named)).toEqual(sorted(Object.values(VIEWS)));
  });

  it('the views in editors and the walkthrough', () => {
    const opening = manifest.activationEvents.filter((event: string) =>
      event.startsWith('onWebview'),
    );
    expect(sorted(opening)).toEqual(
      sorted([DASHBOARD, ENSEMBLE, GRAPH, SWEEP].map((view) => `onWebviewPanel:${view}`)),
    );
    expect(contributes.walkthroughs.map(({ id }: { id: string }) => id)).toEqual([WALKTHROUGH]);
    expect(strings['welcome.configs']).toContain(
      `${manifest.publisher}.${manifest.name}%23${WALKTHROUGH}`,
    );
  });

  it('context keys', () => {
    const named = clauses.flatMap(
      (clause) =>
        clause.replaceAll(/view == \S+|focusedView == \S+/g, '').match(/trainscope\.\w+/g) ?? [],
    );
    expect(sorted(named)).toEqual(sorted(Object.keys(CONTEXT_KEYS)));
  });

  it('stages of the sample', () => {
    const named = clauses.flatMap((clause) =>
      [...clause.matchAll(/trainscope\.sample == '(\w+)'/g)].map(([, stage]) => stage!),
    );
    expect(sorted(named)).toEqual(sorted(SAMPLE_STAGES));
  });

  it('kinds of tree items: each is matched by a clause, and each clause matches one', () => {
    const tests = clauses.flatMap((clause) => {
      const [, plain, pattern] = /viewItem (?:== (\w+)|=~ \/(.+?)\/(?=$|\s))/.exec(clause) ?? [];
      if (plain) return [(item: string) => item === plain];
      return pattern ? [(item: string) => new RegExp(pattern).test(item)] : [];
    });
    expect(tests.length).toBeGreaterThan(5);
    for (const item of VIEW_ITEMS) expect(tests.some((test) => test(item))).toBe(true);
    for (const test of tests) expect(VIEW_ITEMS.some(test)).toBe(true);
  });
});

describe('the texts of package.json', () => {
  const used = sorted([...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!));

  it('are all there, and all used', () => {
    expect(used).toEqual(sorted(Object.keys(strings)));
  });
});

describe('a config is recognized', () => {
  const pattern = new RegExp(
    /resourceFilename =~ \/(.+)\/$/.exec(contributes.menus['explorer/context'][0].when)![1]!,
  );

  it.each(['digits.train.yaml', 'a.train.yml', 'b.train.json'])('in %s', (name) => {
    expect(pattern.test(name)).toBe(true);
  });

  it.each(['train.yaml', 'digits.yaml', 'x.train.yaml.bak', 'xtrain.json'])('not in %s', (name) => {
    expect(pattern.test(name)).toBe(false);
  });
});
