import { number } from '../events/numbers.ts';
import type { EpochEvent, FinishReason, ProbeEvent } from '../events/run-event.ts';
import type { Inspector } from '../inspection/inspector.ts';
import type { Patience } from '../training/patience.ts';
import type { Trainer } from '../training/trainer.ts';
import type { Commands } from './commands.ts';
import { type Progress, qualityOf } from './progress.ts';
import type { Trial } from './protocol.ts';
import type { Recorder } from './recorder.ts';

/** Training holds the thread this long, then lets its event loop turn. */
const SLICE_MS = 16;

/** What the loop needs of a trainer. */
export type StepTrainer = Pick<
  Trainer,
  | 'step'
  | 'stepsPerEpoch'
  | 'learningRate'
  | 'last'
  | 'ratios'
  | 'trainStep'
  | 'epochTrainMetrics'
  | 'evaluate'
  | 'schedule'
>;

export interface TrainingFacts {
  epochs: number;
  /** Ends the training when the validation loss has stopped falling; null: it does not. */
  earlyStop: Patience | null;
  trainExamples: number;
  /** Ends the training when the cost has exploded. */
  stopOnExplosion: boolean;
  /** When the run has told enough; null: when it is over. */
  trial: Trial | null;
  /** Null: nothing inside the network is looked at. */
  inspector: Inspector | null;
  /** Looks at the labels; null where there are none. */
  probeLabels(): ProbeEvent | null;
  /** An epoch is complete and validated, and all that remembers it has been told. */
  epochEnded(event: EpochEvent): void;
  /** Milliseconds since the run started. */
  clock(): number;
}

export interface Outcome {
  reason: FinishReason;
  message?: string;
}

/**
 * Trains epoch after epoch until all are done, the cost is no finite number, or a command ends it.
 * What is computed does not depend on slices, pauses or who listens.
 */
export async function train(
  trainer: StepTrainer,
  commands: Commands,
  recorder: Recorder,
  progress: Progress,
  {
    epochs,
    earlyStop,
    stopOnExplosion,
    trial,
    trainExamples,
    inspector,
    probeLabels,
    epochEnded,
    clock,
  }: TrainingFacts,
): Promise<Outcome> {
  let sliceEnd = performance.now() + SLICE_MS;
  let epochBegan = activeTime(commands);
  /** Its first step was done by then; a resumed run begins within an epoch. */
  let stepBegan = trainer.step;
  const inspect = () => {
    for (const event of inspector?.look(clock()) ?? []) recorder.emit(event);
  };
  if (commands.poll()) return { reason: 'stopped' };
  if (trainer.step === 0) inspect();
  while (progress.epochs < epochs) {
    const due = (progress.epochs + 1) * trainer.stepsPerEpoch;
    // A stop may have come between the last step of an epoch and its end.
    if (trainer.step < due) {
      if (commands.learningRate !== null) trainer.learningRate = commands.learningRate;
      if (!trainer.trainStep(inspector?.moments.measurement(trainer.step + 1))) {
        return { reason: 'stopped' };
      }
      const { step, last } = trainer;
      // Before the step is told: rules then know where its numbers broke.
      if (!Number.isFinite(last.dataLoss))
        for (const event of inspector?.autopsy(clock()) ?? []) recorder.emit(event);
      recorder.step(step, clock(), last, trainer.ratios);
      if (!Number.isFinite(last.loss)) {
        return { reason: 'diverged', message: divergence(step, last) };
      }
      if (stopOnExplosion && recorder.diagnosis.holds('loss-explosion')) {
        return { reason: 'diverged', message: explosion(step, last) };
      }
      if (step < due) inspect();
      if (trial?.hopeless && recorder.diagnosis.hopeless)
        return {
          reason: 'stopped',
          message: 'Its finding is certain: no more is to be learned of it.',
        };
    }
    if (trainer.step === due) {
      const seconds = (activeTime(commands) - epochBegan) / 1000;
      const share = (due - stepBegan) / trainer.stepsPerEpoch;
      const trained = trainer.epochTrainMetrics();
      if (!trained) throw new Error('An epoch has ended without a step.');
      const validation = trainer.evaluate();
      if (commands.stopping) return { reason: 'stopped' };
      const event: EpochEvent = {
        type: 'epoch',
        epoch: progress.epochs + 1,
        step: due,
        train: trained,
        validation,
        time: clock(),
        examplesPerSecond: (share * trainExamples) / seconds,
      };
      progress.see(event);
      recorder.emit(event);
      if (validation) trainer.schedule.see(validation.loss);
      // Before a checkpoint of this step: who goes on from there has seen it.
      inspect();
      const probe = recorder.diagnosis.suspectsLabels ? probeLabels() : null;
      if (probe) recorder.emit(probe);
      const enough = validation !== null && earlyStop?.see(validation.loss);
      epochEnded(event);
      if (trial?.until === event.epoch && event.epoch < epochs)
        return { reason: 'stopped', message: `Waits after ${event.epoch} of ${epochs} epochs.` };
      if (trial && hasToldEnough(trial, event, recorder))
        return { reason: 'stopped', message: 'It does well: no more is to be learned of it.' };
      if (enough) return { reason: 'completed', message: stoppedEarly(event.epoch, progress) };
      epochBegan = activeTime(commands);
      stepBegan = due;
    }
    const now = performance.now();
    recorder.tick(now);
    if (now >= sliceEnd) {
      await new Promise(setImmediate);
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  return { reason: 'completed' };
}

function hasToldEnough({ hopeless, enough }: Trial, event: EpochEvent, { diagnosis }: Recorder) {
  if (hopeless && diagnosis.hopeless) return true;
  if (!enough || event.epoch < enough.epochs) return false;
  const suspicious = diagnosis.findings.some(({ severity }) => severity !== 'info');
  return !suspicious && qualityOf(event) > enough.quality;
}

/** A clock that stands still during pauses. */
function activeTime(commands: Commands): number {
  return performance.now() - commands.pausedTime;
}

function divergence(step: number, last: { loss: number; learningRate: number }): string {
  const became = Number.isNaN(last.loss) ? 'NaN' : 'infinite';
  return `The cost became ${became} at step ${step} with learning rate ${last.learningRate}: training was ended, as nothing can be learned from there. A lower learning rate usually helps.`;
}

function explosion(step: number, last: { loss: number }): string {
  return `Training was ended at step ${step}: the cost has exploded (${number(last.loss)} now) and does not come down. training.stopOnExplosion: false lets it go on.`;
}

function stoppedEarly(epoch: number, { best }: Progress): string {
  const where = best ? ` The best was epoch ${best.epoch}.` : '';
  return `Training was ended early after epoch ${epoch}: the validation loss has stopped falling (training.earlyStop).${where}`;
}
