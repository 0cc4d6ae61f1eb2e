import { tellPlace } from '../../data-place.ts';
import { type JudgedTrace, NOTHING, type Rule, type Verdict } from '../../rule.ts';

/** Inputs that are no numbers, and columns that say nothing. */
export const badInput: Rule = {
  id: 'bad-input',
  moments: ['start', 'probe'],
  begin: () => (trace) => [...missing(trace), ...empty(trace), ...twice(trace)].slice(0, 1),
};

function missing({ data }: JudgedTrace): readonly Verdict[] {
  if (!data || data.nonFinite === 0) return NOTHING;
  const all = data.trainExamples * data.mean.length;
  const first = data.firstNonFinite;
  return [
    {
      severity: 'error',
      path: ['data', 'source'],
      ...(first && { data: first }),
      message: `${data.nonFinite} of the ${all} input values of the training part are missing or no finite numbers${first ? ` (the first in ${tellPlace(first)})` : ''}: one is enough to make the cost NaN, and all weights with it. Fill them in, or take their rows or columns out.`,
      evidence: { nonFinite: data.nonFinite, values: all },
      fixes: [],
    },
  ];
}

/** Columns of a table that are the same throughout; pixels at the border of images often are. */
function empty({ data, started }: JudgedTrace): readonly Verdict[] {
  if (!data || started.plan.inputShape.length > 1 || data.trainExamples < 2) return NOTHING;
  const constant = [...data.std.keys()].filter((i) => data.std[i] === 0);
  if (constant.length === 0) return NOTHING;
  const named = constant.slice(0, 5).map((i) => i + 1);
  return [
    {
      severity: 'info',
      path: ['data', 'source'],
      message: `${constant.length} of ${data.std.length} inputs never change (${constant.length > 1 ? 'numbers' : 'number'} ${named.join(', ')}${constant.length > 5 ? ' …' : ''}): nothing can be learned from them.`,
      evidence: { constant: constant.length, features: data.std.length },
      fixes: [],
    },
  ];
}

function twice({ probes, started }: JudgedTrace): readonly Verdict[] {
  const probe = probes.findLast((one) => one.probe === 'data');
  if (probe?.probe !== 'data' || started.plan.inputShape.length > 1) return NOTHING;
  const pairs = probe.duplicateFeatures;
  const [first] = pairs;
  if (!first) return NOTHING;
  return [
    {
      severity: 'info',
      path: ['data', 'source'],
      message: `Inputs ${first[0] + 1} and ${first[1] + 1} are the same in every example${pairs.length > 1 ? `, and so are ${pairs.length - 1} more pairs` : ''}: one of them is enough.`,
      evidence: { pairs: pairs.length, first: [...first] },
      fixes: [],
    },
  ];
}
