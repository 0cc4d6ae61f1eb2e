import {
  type Combination,
  type Config,
  type EnsembleMethod,
  ensembleSize,
  memberEpochs,
  refuseCombination,
} from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import { listCheckpoints } from '../runs/checkpoint-folder.ts';
import type { Candidate, LeftOut, MemberSource, MemberTrained } from './protocol.ts';
import type { TopTrials } from './top-trials.ts';

const COMBINATIONS: readonly Combination[] = ['average', 'vote', 'parameters'];

interface Facts {
  config: Config;
  methods: readonly EnsembleMethod[];
  /** Every combination that makes sense, beside the one that the config asks for. */
  compare: boolean;
  /** In the order of their numbers. */
  members: readonly MemberTrained[];
  /** The best of a sweep, where they are asked for. */
  trials: TopTrials | null;
}

/** What can be measured of what was trained. Throws UserError where nothing is left of an ensemble. */
export async function candidatesOf(
  facts: Facts,
  leaveOut: (event: LeftOut) => void,
): Promise<Candidate[]> {
  const { config, methods, compare, members } = facts;
  const candidates: Candidate[] = [];
  for (const method of methods) {
    const candidate = await candidateOf(method, facts);
    const fewest = memberEpochs(method, config)?.length === 1 ? 1 : 2;
    if (candidate.members.length >= fewest) {
      candidates.push(candidate);
      continue;
    }
    const message = `Of the members of ${method}, ${candidate.members.length === 0 ? 'none has' : 'only one has'} been trained to its end. ${whyEnded(members)}`;
    if (compare) leaveOut({ type: 'leftOut', method, message });
    if (candidates.length === 0 && method === methods.at(-1))
      throw new UserError(message, { path: ['ensemble'] });
  }
  return candidates;
}

async function candidateOf(
  method: EnsembleMethod,
  { config, compare, members, trials }: Facts,
): Promise<Candidate> {
  const combinations = combinationsOf(method, config, compare);
  if (method === 'topTrials' && trials) return { method, ...trials, passes: 0, combinations };
  const epochs = memberEpochs(method, config);
  const own = members.filter(({ bootstrap }) => bootstrap === (method === 'bootstrap'));
  const whole = (epochs ? own.slice(0, 1) : own).filter(({ reason }) => reason === 'completed');
  const sources: MemberSource[] = [];
  const numbers: number[] = [];
  for (const { run, number } of whole) {
    if (run === null) continue;
    const files = await listCheckpoints(run);
    const wanted = new Set(epochs && epochs.length > 1 ? epochs : [files.at(-1)?.epoch]);
    const by = method === 'ema' ? ('trained' as const) : ('judged' as const);
    for (const file of files)
      if (file.step === null && wanted.has(file.epoch)) {
        sources.push({ run, checkpoint: file.name, by });
        numbers.push(number);
      }
  }
  return {
    method,
    members: sources,
    ...(epochs === null && { numbers }),
    passes: method === 'monteCarloDropout' ? ensembleSize(config) : 0,
    combinations,
    epochs: whole.reduce((sum, member) => sum + member.epochs, 0),
  };
}

/** The one that the config asks for, or all that make sense. */
function combinationsOf(method: EnsembleMethod, config: Config, compare: boolean): Combination[] {
  const possible = COMBINATIONS.filter(
    (combine) => refuseCombination(method, combine, config) === null,
  );
  return compare ? possible : [config.ensemble?.combine ?? possible[0]];
}

function whyEnded(members: readonly MemberTrained[]): string {
  return members.find(({ reason }) => reason !== 'completed')?.message ?? '';
}
