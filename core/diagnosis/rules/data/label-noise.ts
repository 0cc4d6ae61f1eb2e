import { number, percent } from '../../../events/numbers.ts';
import { isEarly, leftToPerfect, lessons } from '../../learning.ts';
import { neighboursOf } from '../../reach.ts';
import { type JudgedTrace, NOTHING, type Rule, type Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** Labels that have little to do with the inputs: shuffled, shifted by a row, or wrong. */
export const labelNoise: Rule = {
  id: 'label-noise',
  moments: ['probe', 'epoch'],
  begin: () => (trace) => {
    const probe = trace.probes.findLast((one) => one.probe === 'labels');
    const { agreement: wanted, suffers, leastOfEach } = THRESHOLDS.labels;
    const rest = leftToPerfect(trace);
    if (trace.started.task === 'regression') {
      const lost = ofNumbers(trace);
      return lost.length > 0 ? lost : ofNoise(trace);
    }
    if (probe?.probe !== 'labels' || !(rest > suffers) || probe.chance >= 1) return NOTHING;
    const { agreement, chance, examined } = probe;
    if (examined < leastOfEach * (trace.data?.classes?.length ?? 0)) return NOTHING;
    const told = (agreement - chance) / (1 - chance);
    const doubt = (2 * Math.sqrt((agreement * (1 - agreement)) / examined)) / (1 - chance);
    if (!(told + doubt / 2 < wanted) || isUneven(trace)) return NOTHING;
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
    !isEarly(trace, THRESHOLDS.learning.share) && leftToPerfect(trace) > THRESHOLDS.labels.suffers,
};

/** Labels are mixed in some places alone, where classes overlap: wrong ones would be everywhere alike. */
function isUneven(trace: JudgedTrace): boolean {
  const probe = neighboursOf(trace);
  if (!probe || !(probe.apart < THRESHOLDS.neighbours.near)) return false;
  return (probe.uneven ?? 0) > THRESHOLDS.labels.uneven;
}

/** Targets of which neighbours tell so little that most of them must be noise. */
function ofNoise(trace: JudgedTrace): readonly Verdict[] {
  const { near, doubt } = THRESHOLDS.neighbours;
  const { agreement, suffers } = THRESHOLDS.labels;
  const probe = neighboursOf(trace);
  if (probe?.noise === undefined || !(probe.apart < near)) return NOTHING;
  if (isEarly(trace, THRESHOLDS.learning.share) || !(leftToPerfect(trace) > suffers))
    return NOTHING;
  const { noise, examined } = probe;
  const told = 1 - noise;
  if (!(told + doubt * noise < agreement)) return NOTHING;
  return [
    {
      severity: 'warning',
      path: ['data'],
      message: `Where inputs are nearly the same, targets are not: by ${examined} examples and their nearest neighbours, ${percent(noise)} of the targets' variance has nothing to do with the inputs. Targets seem shuffled, shifted by some rows or often wrong, or the inputs say little of them: look at some examples beside their targets.`,
      evidence: { noise, told, threshold: agreement },
      fixes: [],
    },
  ];
}

/** Targets that can be learned by heart, but never better than guessing for other examples. */
function ofNumbers(trace: JudgedTrace): readonly Verdict[] {
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
      severity: 'error',
      path: ['data'],
      message: `The training loss falls (R² ${number(1 - train.at(-1)!)}), but no epoch did better than guessing the mean on validation examples (best R² ${number(1 - best)}): what is learned are single examples. Labels seem shuffled or shifted by some rows: look at some examples beside their labels.`,
      evidence: { training: 1 - train.at(-1)!, validation: 1 - best },
      fixes: [],
    },
  ];
}
