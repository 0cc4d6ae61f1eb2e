import {
  costOfRules,
  type Figures,
  figuresOf,
  isRight,
  ourVoice,
  type Share,
  shareOf,
} from './figures.ts';
import type { RepairFigures, RepairReport } from './repairs.ts';
import type { JudgedRun } from './runs.ts';

const PARTS = [
  { title: 'Bases that thresholds are tuned on', of: ({ part }: JudgedRun) => part === 'tuned' },
  { title: 'Held-out bases', of: ({ part }: JudgedRun) => part === 'held out' },
  { title: 'All bases', of: ({ part }: JudgedRun) => part !== 'mix' },
  { title: "AutoTrainer's mix", of: ({ part }: JudgedRun) => part === 'mix' },
];

export interface Report {
  parts: { title: string; runs: number; figures: Figures[] }[];
  faults: { [name: string]: ReturnType<typeof classFigures> };
  healthy: { [kind: string]: Share };
  /** Time of the rules over that of the trainings. */
  cost: number;
}

export function reportOf(runs: readonly JudgedRun[]): Report {
  const parts = PARTS.map(({ title, of }) => ({ title, runs: runs.filter(of) }))
    .filter((part) => part.runs.length > 0)
    .map(({ title, runs: some }) => ({ title, runs: some.length, figures: figuresOf(some) }));
  const faulty = runs.filter((run) => run.faulty);
  const healthy = runs.filter((run) => !run.faulty);
  return {
    parts,
    faults: grouped(faulty, faultKey, classFigures),
    healthy: grouped(healthy, healthyKey, (some) =>
      shareOf(some.filter((run) => ourVoice(run).alarm).length, some.length),
    ),
    cost: costOfRules(runs),
  };
}

const faultKey = ({ part, name }: JudgedRun) => (part === 'mix' ? `mix: ${name}` : name);
const healthyKey = ({ part, kind, name }: JudgedRun) =>
  part === 'mix' ? 'mix' : kind === 'harmless' ? `harmless: ${name}` : `${kind}: ${name}`;

function classFigures(runs: JudgedRun[]) {
  const [figures] = figuresOf(runs);
  const { recall, rightCause, latency } = figures!;
  const slow = runs.filter(({ harms }) => harms === 'time').length;
  return { runs: runs.length, onlySlower: slow, recall, rightCause, latency };
}

function grouped<T>(
  runs: readonly JudgedRun[],
  keyOf: (run: JudgedRun) => string,
  figures: (runs: JudgedRun[]) => T,
): { [key: string]: T } {
  return Object.fromEntries([...groupBy(runs, keyOf)].map(([key, some]) => [key, figures(some)]));
}

/** The tables, as Markdown. */
export function asText({ parts, faults, healthy, cost }: Report): string {
  return [
    ...parts.flatMap(({ title, runs, figures }) => [
      `## ${title} (${runs} runs)`,
      '',
      table(
        ['rules', 'recall', 'false alarms', 'precision', 'right cause first', 'median detection'],
        figures.map(({ rules, recall, falseAlarms, precision, rightCause, latency }) => [
          rules,
          interval(recall),
          interval(falseAlarms),
          interval(precision),
          rightCause.of === 0 ? '—' : interval(rightCause),
          latency === null ? '—' : percent(latency),
        ]),
      ),
      '',
    ]),
    '## Faults',
    '',
    table(
      ['fault', 'runs', 'only slower', 'recall', 'right cause first', 'median detection'],
      Object.entries(faults).map(([name, figures]) => [
        name,
        String(figures.runs),
        String(figures.onlySlower),
        interval(figures.recall),
        figures.rightCause.of === 0 ? '—' : interval(figures.rightCause),
        figures.latency === null ? '—' : percent(figures.latency),
      ]),
    ),
    '',
    '## Healthy runs with an alarm',
    '',
    table(
      ['runs', 'false alarms'],
      Object.entries(healthy)
        .filter(([, { hits }]) => hits > 0)
        .map(([name, share]) => [name, interval(share)]),
    ),
    '',
    `Time of the rules: ${percent(cost, 2)} of that of the trainings.`,
    '',
  ].join('\n');
}

/** What went wrong, by rule: for whoever mends it. */
export function asDetails(runs: readonly JudgedRun[]): string {
  const lines: [string, string][] = runs.flatMap((run): [string, string][] => {
    const { judged, faulty, causes } = run;
    const name = `${run.id} #${run.seed}${run.harms === 'time' ? ' (only slower)' : ''}`;
    const said = judged.findings
      .map(({ rule, severity, path, step }) => `${rule} ${severity} at ${path} (step ${step})`)
      .join('; ');
    const voice = ourVoice(run);
    if (!faulty) {
      const [first] = judged.findings.filter(({ severity }) => severity !== 'info');
      if (first) return [[`FALSE ALARM ${first.rule}`, `${name}: ${first.message}`]];
      if (judged.first)
        return [[`WITHDRAWN ALARM ${judged.first.rule}`, `${name}: ${judged.first.message}`]];
      return [];
    }
    if (!voice.alarm)
      return [
        [
          `MISSED ${run.name}${causes.length > 0 ? ` (${causes.join(', ')})` : ''}`,
          `${name}${said && `: ${said}`}`,
        ],
      ];
    if (causes.length > 0 && !isRight(run, voice))
      return [[`WRONG CAUSE ${run.name} → ${voice.causes[0]}`, `${name}: ${said}`]];
    return [];
  });
  return [...groupBy(lines, ([group]) => group)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(
      ([group, some]) =>
        `${group}: ${some.length}\n${some.map(([, line]) => `  ${line}\n`).join('')}`,
    )
    .join('\n');
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

export function repairsAsText({ ofConfig, ofData, faults, cases }: RepairReport): string {
  const row = ([name, figures]: [string, RepairFigures]) => [
    name,
    interval(figures.better),
    interval(figures.asGood),
    interval(figures.worse),
    figures.retrains.toFixed(2),
    `${figures.timeRatio.toFixed(2)} ×, ${figures.wholeTimeRatio.toFixed(2)} ×`,
  ];
  return [
    `## Repair (${cases.length} faults that cost accuracy)`,
    '',
    table(
      ['fault', 'better', 'as good as the base', 'worse', 'retrains', 'time, with verification'],
      [
        ...Object.entries(ofConfig).map(([by, figures]): [string, RepairFigures] => [
          `**of the config, ${by}**`,
          figures,
        ]),
        ...Object.entries({ '**of the data**': ofData, ...faults }),
      ].map(row),
    ),
    '',
  ].join('\n');
}

function percent(value: number, digits = 1): string {
  return `${(100 * value).toFixed(digits)} %`;
}

function interval({ share, low, high, of }: Share): string {
  if (of === 0) return '—';
  return `${percent(share)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
