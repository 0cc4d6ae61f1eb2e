import { number, percent } from '../../../events/numbers.ts';
import { isEarly, left, lessons } from '../../learning.ts';
import { type JudgedTrace, NOTHING, type Rule } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** Labels that have little to do with the inputs: shuffled, shifted by a row, or wrong. */
export const labelNoise: Rule = {
  id: 'label-noise',
  moments: ['probe', 'epoch'],
  begin: () => (trace) => {
    const probe = trace.probes.findLast((one) => one.probe === 'labels');
    const { agreement: wanted, suffers, leastOfEach } = THRESHOLDS.labels;
    const rest = left(trace);
    if (trace.started.task === 'regression') return ofNumbers(trace);
    if (probe?.probe !== 'labels' || !(rest > suffers) || probe.chance >= 1) return NOTHING;
    const { agreement, chance, examined } = probe;
    if (examined < leastOfEach * (trace.data?.classes?.length ?? 0)) return NOTHING;
    const told = (agreement - chance) / (1 - chance);
    const doubt = (2 * Math.sqrt((agreement * (1 - agreement)) / examined)) / (1 - chance);
    if (!(told + doubt / 2 < wanted)) return NOTHING;
    return [
      {
        severity: told - doubt < 0 ? 'error' : 'warning',
        path: ['data'],
        message: `Of ${examined} training examples ${percent(agreement)} have the label of their nearest neighbour; ${percent(chance)} would by chance. Labels seem shuffled, shifted by some rows or often wrong: look at some examples beside their labels.`,
        evidence: { agreement, chance, told, threshold: wanted },
        fixes: [],
      },
    ];
  },
  suspectsLabels: (trace) =>
    !isEarly(trace, THRESHOLDS.learning.share) && left(trace) > THRESHOLDS.labels.suffers,
};

/** Targets that can be learned by heart, but never better than guessing for other examples. */
function ofNumbers(trace: JudgedTrace) {
  const { train, validation } = lessons(trace);
  if (isEarly(trace, THRESHOLDS.learning.share) || validation.length < 3) return NOTHING;
  const best = Math.min(...validation);
  if (
    !(best > 0.95) ||
    !(train.at(-1)! < 0.97) ||
    !(train.at(-1)! < Math.min(...validation) - 0.05)
  )
    return NOTHING;
  return [
    {
      severity: 'error' as const,
      path: ['data'],
      message: `The training loss falls (R² ${number(1 - train.at(-1)!)}), but no epoch did better than guessing the mean on validation examples (best R² ${number(1 - best)}): what is learned are single examples. Labels seem shuffled or shifted by some rows: look at some examples beside their labels.`,
      evidence: { training: 1 - train.at(-1)!, validation: 1 - best },
      fixes: [],
    },
  ];
}
