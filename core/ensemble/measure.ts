import type { Combination } from '../config/index.ts';
import type { ValidationMetrics } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import type { Part } from '../inspection/explorer/protocol.ts';
import { classScores, disputedClasses, Predictions } from './disagreement.ts';
import type { Judge } from './judge.ts';
import { MeanOutputs } from './mean-outputs.ts';
import { type Network, type Networks, outputsOf, sameValidation } from './networks.ts';
import { meanOfParameters } from './parameter-mean.ts';
import type { Candidate, Disagreement, EnsembleRow, Spread } from './protocol.ts';
import { Votes } from './votes.ts';

/** What one member, or one pass, says of examples. */
type Say = (part: Part, indices: Uint32Array) => Float32Array;

/** Measures an ensemble: each member alone, and every combination of them. */
export async function measureEnsemble(
  networks: Networks,
  judge: Judge,
  candidate: Candidate,
): Promise<{ rows: EnsembleRow[]; disagreement: Disagreement }> {
  const { exploration, indices } = judge;
  const { model, book, reading } = exploration;
  const { outputs: width } = model.plan;
  const mean = new MeanOutputs(reading.squash, indices.length, width);
  const votes = new Votes(indices.length, reading.count);
  const predictions = new Predictions();
  const isRegression = book.dataset.task === 'regression';
  const alone: ValidationMetrics[] = [];
  await eachMember(networks, candidate, (say, network) => {
    refuseOthers(judge, network);
    const outputs = say('validation', indices);
    alone.push(judge.measure(outputs));
    mean.add(outputs);
    if (isRegression) predictions.add(outputs);
    else votes.add(judge.choices(outputs));
  });
  const averaged = mean.outputs();
  const unmasked = candidate.passes > 0 ? [await withoutMasks(networks, judge, candidate)] : alone;
  const single = spreadOf(unmasked);
  const { method, epochs } = candidate;
  const members = candidate.passes || candidate.members.length;
  const rows: EnsembleRow[] = [];
  for (const combine of candidate.combinations) {
    const validation = await measured(combine);
    rows.push({
      type: 'ensemble',
      method,
      combine,
      members,
      validation,
      single,
      alone: unmasked,
      epochs,
    });
  }
  const disagreement = isRegression
    ? predictions.disputed(method, judge)
    : disputedClasses(method, judge, votes, averaged);
  const named = candidate.numbers && { numbers: candidate.numbers };
  return { rows, disagreement: { ...disagreement, ...named } };

  async function measured(combine: Combination): Promise<EnsembleRow['validation']> {
    switch (combine) {
      case 'average':
        return judge.measure(averaged);
      case 'vote': {
        const winners = votes.winners((example) => classScores(judge, averaged, example));
        return { loss: null, accuracy: judge.accuracy(winners), rmse: null, r2: null };
      }
      case 'parameters': {
        const network = await combinedParameters(networks, candidate);
        return judge.measure(outputsOf(network, 'validation', indices));
      }
    }
  }
}

/**
 * The mean of softmax(z / T) over the members, [rows of the training store × classes]; 0 for rows of the
 * store that are not in the training part.
 */
export async function softTargets(
  networks: Networks,
  { book, trained, model }: Network,
  {
    candidate,
    combine,
    temperature,
  }: {
    candidate: Candidate;
    combine: Combination;
    temperature: number;
  },
): Promise<Float32Array> {
  const { outputs: width } = model.plan;
  const rows = Uint32Array.from(new Set(trained));
  const mean = new MeanOutputs('softmax', rows.length, width);
  const add = (outputs: Float32Array) => mean.add(outputs.map((z) => z / temperature));
  if (combine === 'parameters')
    add(outputsOf(await combinedParameters(networks, candidate), 'train', rows));
  else await eachMember(networks, candidate, (say) => add(say('train', rows)));
  const table = new Float32Array(book.count('train') * width);
  const logs = mean.outputs();
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < width; j++) table[row * width + j] = Math.exp(logs[i * width + j]);
  }
  return table;
}

async function eachMember(
  networks: Networks,
  { members, passes }: Candidate,
  visit: (say: Say, network: Network) => void,
): Promise<void> {
  for (const member of members) {
    const network = await networks.at(member);
    if (passes === 0) visit((part, indices) => outputsOf(network, part, indices), network);
    for (let draw = 0; draw < passes; draw++)
      visit((part, indices) => outputsOf(network, part, indices, draw), network);
  }
}

/** The running average of a run is one that it has made itself. */
async function combinedParameters(networks: Networks, candidate: Candidate): Promise<Network> {
  const { method, members } = candidate;
  if (method !== 'ema') return meanOfParameters(networks, members);
  return networks.at({ ...members[0], by: 'judged' });
}

async function withoutMasks(
  networks: Networks,
  judge: Judge,
  { members }: Candidate,
): Promise<ValidationMetrics> {
  return judge.measure(outputsOf(await networks.at(members[0]), 'validation', judge.indices));
}

function refuseOthers({ exploration }: Judge, network: Network): void {
  if (!sameValidation(exploration, network))
    throw new UserError(
      'The members were not validated with the same examples: one would be judged by what another has learned. Give the split a seed of its own (data: { seed: 1 }), and train them again.',
      { path: ['data', 'validation'] },
    );
  if (
    exploration.reading.squash !== network.reading.squash ||
    exploration.model.plan.outputs !== network.model.plan.outputs
  )
    throw new UserError(
      `What the members say has different meanings: their losses are ${exploration.model.plan.loss.type} and ${network.model.plan.loss.type}. Train all with one loss.`,
      { path: ['loss'] },
    );
}

/** Mean and standard deviation of each metric. */
export function spreadOf(all: readonly ValidationMetrics[]): EnsembleRow['single'] {
  const of = (metric: keyof ValidationMetrics): Spread | null => {
    const values = all.map((metrics) => metrics[metric]).filter((value) => value !== null);
    if (values.length === 0) return null;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null };
  };
  return { loss: of('loss'), accuracy: of('accuracy'), rmse: of('rmse'), r2: of('r2') };
}

/** One member alone, as a line of the comparison. */
export function singleRow(
  { members, epochs }: Candidate,
  { single, alone }: EnsembleRow,
): EnsembleRow {
  const { loss, accuracy, rmse, r2 } = single;
  const mean = (spread: Spread | null) => spread?.mean ?? null;
  return {
    type: 'ensemble',
    method: 'single',
    combine: null,
    members: 1,
    validation: {
      loss: mean(loss),
      accuracy: mean(accuracy),
      rmse: mean(rmse),
      r2: mean(r2),
    },
    single,
    alone,
    epochs: epochs / new Set(members.map(({ run }) => run)).size,
  };
}
