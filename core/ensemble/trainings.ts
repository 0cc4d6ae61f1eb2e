import {
  type Config,
  type EnsembleMethod,
  ensembleSize,
  memberEpochs,
  textOfTrial,
} from '../config/index.ts';
import type { Edit } from '../events/finding.ts';

/** A run that an ensemble needs. */
export interface Training {
  /** Behind that of the config: what its run is called. */
  name: string;
  seed: number;
  bootstrap: boolean;
  /** It learns from the ensemble. */
  distilled?: true;
  /** Its config. */
  configText: string;
  /** Epochs whose checkpoints are members. */
  keep: number[];
}

/**
 * The runs that these methods need, no run twice: what needs a single run takes the first. A run depends on
 * its seed alone, not on who else is trained.
 */
export function trainingsOf(
  { config, configText, configFile }: { config: Config; configText: string; configFile: string },
  methods: readonly EnsembleMethod[],
): Training[] {
  const ofOneRun = methods.flatMap((method) => memberEpochs(method, config) ?? []);
  const size = ensembleSize(config);
  const plain = methods.includes('inits') ? size : ofOneRun.length > 0 ? 1 : 0;
  const samples = methods.includes('bootstrap') ? size : 0;
  const training = (bootstrap: boolean) => (_: unknown, i: number) => {
    const seed = config.training.seed + i;
    const edits = memberEdits(config, seed, bootstrap);
    return {
      name: `${bootstrap ? 'bootstrap' : 'seed'} ${seed}`,
      seed,
      bootstrap,
      configText: textOfTrial(configText, configFile, edits),
      keep: i === 0 && !bootstrap ? [...new Set(ofOneRun)] : [],
    };
  };
  return [
    ...Array.from({ length: plain }, training(false)),
    ...Array.from({ length: samples }, training(true)),
  ];
}

/** The config of the network that learns from an ensemble; `teacher` is relative to the config. */
export function studentText(
  { config, configText, configFile }: { config: Config; configText: string; configFile: string },
  teacher: string,
  temperature: number,
): string {
  const loss = { type: 'softmaxCrossEntropy', distill: { teacher, temperature } };
  return textOfTrial(configText, configFile, [
    ...threadEdits(config),
    { path: ['loss'], value: loss },
  ]);
}

/** Other weights and another order, but the same split: else one member would have learned what judges another. */
function memberEdits(config: Config, seed: number, bootstrap: boolean): Edit[] {
  const { data, training } = config;
  return [
    ...threadEdits(config),
    { path: ['training', 'seed'], value: seed },
    { path: ['data', 'seed'], value: data.seed ?? training.seed },
    ...(bootstrap && !data.bootstrap
      ? [{ path: ['data', 'bootstrap'], value: true } satisfies Edit]
      : []),
  ];
}

/** Its threads are the other members. */
function threadEdits({ training }: Config): Edit[] {
  return training.threads === undefined ? [] : [{ path: ['training', 'threads'], value: 1 }];
}
