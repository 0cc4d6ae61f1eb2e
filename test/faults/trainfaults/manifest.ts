import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Effect } from './effect/effect.ts';
import type { Trait } from './effect/trait.ts';
import { GENERATOR } from './generator/cases.ts';
import type { MixData } from './generator/mix.ts';

/** What was measured, once and for all, before any threshold was tuned. */
export interface Manifest {
  generator: number;
  subjects: { [id: string]: LabelledSubject };
  mix: { [id: string]: LabelledDrawn };
}

/**
 * `faulty`: a change that harms; `healthy`: one that does not, or another good way to train; `unclear`: a way
 * that was meant to be good and is not, which is in no pool.
 */
export type Label = 'faulty' | 'healthy' | 'unclear';

export interface LabelledSubject extends Effect {
  label: Label;
}

export interface LabelledDrawn extends Pick<Effect, 'score' | 'base' | 'p'> {
  label: 'faulty' | 'healthy';
  data: MixData;
  /** Of the faulty ones. */
  trait?: Trait;
}

const MANIFEST = join(import.meta.dirname, 'manifest.json');

export function readManifest(): Manifest {
  if (!existsSync(MANIFEST)) throw new Error(`${MANIFEST} is missing: make it with --label.`);
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Manifest;
  if (manifest.generator !== GENERATOR)
    throw new Error(
      `The labels are those of generator ${manifest.generator}, but this is ${GENERATOR}: make them again with --label.`,
    );
  return manifest;
}

/** Keeps what was measured; the other part stays as it is, if it is one of this generator. */
export function writeManifest(part: Partial<Pick<Manifest, 'subjects' | 'mix'>>): void {
  const nothing: Manifest = { generator: GENERATOR, subjects: {}, mix: {} };
  const before = existsSync(MANIFEST)
    ? (JSON.parse(readFileSync(MANIFEST, 'utf8')) as Manifest)
    : nothing;
  const manifest = { ...(before.generator === GENERATOR ? before : nothing), ...part };
  writeFileSync(MANIFEST, `${JSON.stringify(manifest, null, 1)}\n`);
}
