import type { Fix } from '../../../events/finding.ts';
import { number, percent } from '../../../events/numbers.ts';
import { setFix } from '../../fixes.ts';
import { insertBehind } from '../../layer-edits.ts';
import { isEarly, lessons } from '../../learning.ts';
import { hiddenActivations } from '../../network.ts';
import { type JudgedTrace, NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';

/** The training part is learned by heart: what is learned of it does not hold for other examples. */
export const overfitting = epochRule(
  'overfitting',
  (trace) => {
    const { gap, accuracyGap } = THRESHOLDS.fit;
    const latest = trace.epochs.at(-1)!;
    const { train, validation } = lessons(trace);
    const [own, others] = [train.at(-1), validation.at(-1)];
    if (!latest.validation || own === undefined || others === undefined) return NOTHING;
    if (isEarly(trace, THRESHOLDS.learning.share) || !(others - own > gap)) return NOTHING;
    if (validation.length < 3 || !(others > 0.9 * validation.at(-2)!)) return NOTHING;
    const [score, other] = [latest.train, latest.validation].map(
      ({ accuracy, r2 }) => accuracy ?? r2 ?? Number.NaN,
    ) as [number, number];
    const n = trace.data?.validationExamples ?? 0;
    // Twice the standard error of an accuracy among so many examples.
    const doubt =
      latest.validation.accuracy === null ? 0 : 2 * Math.sqrt((other * (1 - other)) / n);
    if (!(score - other > accuracyGap + doubt)) return NOTHING;
    const best = Math.min(...validation);
    const rising = others > 1.2 * best;
    const kind = latest.validation.accuracy === null ? 'R²' : 'accuracy';
    return [
      {
        severity: 'warning',
        path: ['regularization'],
        message: `Training ${kind} ${number(score)}, validation ${kind} ${number(other)}: the network learns the ${trace.data?.trainExamples ?? ''} training examples by heart${rising ? `, and its validation loss has risen by ${percent(others / best - 1)} since epoch ${validation.indexOf(best) + 1}` : ''}. More data helps most; then dropout, l2, augmentation, a smaller network or an early stop.`,
        evidence: {
          training: score,
          validation: other,
          gap: score - other,
          threshold: accuracyGap,
        },
        fixes: fixesOf(trace),
      },
    ];
  },
  hasClosed,
);

/** The gap is less than half of what it has to be. */
function hasClosed(trace: JudgedTrace): boolean {
  const { train, validation } = trace.epochs.at(-1)!;
  const scores = [train, validation].map((one) => one?.accuracy ?? one?.r2 ?? Number.NaN);
  return !(scores[0]! - scores[1]! > THRESHOLDS.fit.accuracyGap / 2);
}

function fixesOf(trace: JudgedTrace): Fix[] {
  const { config } = trace;
  const l2 = Math.max(1e-3, 10 * config.regularization.l2);
  const fixes = [
    setFix(`Set l2 to ${l2}`, ['regularization', 'l2'], l2),
    setFix('Stop early', ['training', 'earlyStop'], { patience: 10 }),
  ];
  const drops = config.model.layers.some(({ kind }) => kind === 'dropout');
  const hidden = hiddenActivations(trace).at(-1);
  if (drops || !hidden) return fixes;
  const edits = insertBehind(trace, [hidden.path], { dropout: 0.3 });
  return [{ title: 'Drop 0.3 behind the last hidden layer', edits }, ...fixes];
}
