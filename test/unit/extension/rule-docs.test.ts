import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULE_IDS, RULES } from '../../../core/events/rule-ids.ts';
import { projectRoot } from '../../../extension/development/project.ts';

const page = readFileSync(join(projectRoot, 'extension', 'docs', 'rules.md'), 'utf8');

test('every rule has its place on the page that findings link to, and no other has', () => {
  const places = [...page.matchAll(/^### (\S+)\n\n\*\*(.+?)\.\*\* ./gm)];
  const titles = Object.fromEntries(places.map(([, id, title]) => [id, title]));
  const wanted = RULE_IDS.map((id) => [id, RULES[id].title]);
  expect(titles).toEqual(Object.fromEntries(wanted));
  const rows = [...page.matchAll(/^\| \[(\S+)\]\(#\1\) \| (.+) \|$/gm)];
  expect(Object.fromEntries(rows.map(([, id, title]) => [id, title]))).toEqual(titles);
});

test('links within the page lead somewhere', () => {
  const headings = [...page.matchAll(/^##+ (.+)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replaceAll(' ', '-'),
  );
  for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(anchor);
});
