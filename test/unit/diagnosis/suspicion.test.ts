import { expect, test } from 'vitest';
import { Diagnosis } from '../../../core/diagnosis/diagnosis.ts';
import { NOTHING, type Rule } from '../../../core/diagnosis/rule.ts';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { train } from './judged.ts';

/** Suspects labels from the second epoch on. */
const suspicious: Rule = {
  id: 'label-noise',
  moments: ['probe'],
  begin: () => () => NOTHING,
  suspectsLabels: ({ epochs }) => epochs.length >= 2,
};

test('a probe of the labels is wanted from a suspicion on until there is one, and never by the muted', async () => {
  const text = (mute: string) =>
    `data: { source: blobs, examples: 60 }\nmodel: { layers: [dense: 3] }\ntraining: { epochs: 3 }\nmute: [${mute}]`;
  // Without the answers to the rules that there are.
  const events = (await train(text(''))).events.filter(({ type }) => type !== 'probe');
  const wanted = (rule: Rule, all: readonly RunEvent[]) => {
    const diagnosis = new Diagnosis([rule]);
    return all.flatMap((event) => {
      diagnosis.see(event);
      return event.type === 'epoch' ? [diagnosis.suspectsLabels] : [];
    });
  };
  expect(wanted(suspicious, events)).toEqual([false, true, true]);
  const answer: RunEvent = {
    type: 'probe',
    probe: 'labels',
    step: 2,
    epoch: 2,
    time: 0,
    agreement: 1,
    chance: 0.3,
    examined: 48,
  };
  const second = events.findIndex((event) => event.type === 'epoch' && event.epoch === 2);
  const answered = events.toSpliced(second + 1, 0, answer);
  expect(wanted(suspicious, answered)).toEqual([false, true, false]);
  expect(wanted(suspicious, (await train(text('label-noise'))).events)).toEqual([
    false,
    false,
    false,
  ]);
});

test('a run tells once, before its first step, what a look at its data tells', async () => {
  const { events } = await train(
    'data: { source: blobs, examples: 200, validation: 0.2 }\nmodel: { layers: [dense: 3] }\ntraining: { epochs: 2 }',
  );
  const probes = events.filter((event) => event.type === 'probe' && event.step === 0);
  expect(probes).toEqual([
    expect.objectContaining({ probe: 'data', step: 0, leaked: 0, duplicateFeatures: [] }),
    expect.objectContaining({ probe: 'neighbours', step: 0, examined: 40 }),
  ]);
  expect(events.indexOf(probes[1]!)).toBeLessThan(events.findIndex(({ type }) => type === 'epoch'));
});
