import { best, train, validation } from '../../events/event-shapes.ts';
import type {
  FinishedEvent,
  KernelVariant,
  TrainMetrics,
  ValidationMetrics,
} from '../../events/run-event.ts';
import { count, nullable, number, record, string } from '../../events/shape.ts';
import { UserError } from '../../events/user-error.ts';
import type { PatienceState } from '../patience.ts';
import type { ScheduleState } from '../schedules/schedule.ts';
import type { Position } from '../trainer.ts';

/** The version of what is written under `state`. */
const VERSION = 1;

/** What a training cannot go on without, beside its tensors. */
export interface CheckpointState {
  version: typeof VERSION;
  /** Epochs that are complete and validated. */
  epoch: number;
  /** Milliseconds that the run had lasted. */
  time: number;
  position: Position;
  /** The full rate, as a command may have changed it. */
  learningRate: number;
  schedule: ScheduleState | null;
  earlyStop: PatienceState | null;
  kernels: KernelVariant;
  /** Fingerprint of the data. */
  data: string;
  train: TrainMetrics | null;
  validation: ValidationMetrics | null;
  best: FinishedEvent['best'];
}

const patience = { best: number, bad: count };

const shape = record({
  epoch: count,
  time: number,
  position: record({
    step: count,
    cost: number,
    dataLoss: number,
    weight: number,
    totals: record({ right: number, squares: number, examples: number }),
  }),
  learningRate: number,
  schedule: nullable(record({ ...patience, cuts: number })),
  earlyStop: nullable(record(patience)),
  kernels: string,
  data: string,
  train: nullable(train),
  validation: nullable(validation),
  best,
});

const FORMAT = 'trainscope';

/** As strings, which is all that safetensors keeps beside tensors. */
export function encodeState(state: Omit<CheckpointState, 'version'>): { [key: string]: string } {
  const json = JSON.stringify({ version: VERSION, ...state }, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
  return { format: FORMAT, state: json };
}

/** Throws UserError where `metadata` is not what `encodeState` gives; `name` is the file's. */
export function decodeState(metadata: ReadonlyMap<string, string>, name: string): CheckpointState {
  const text = metadata.get('state');
  if (metadata.get('format') !== FORMAT || text === undefined)
    throw new UserError(`${name} was not written by Trainscope: no run can go on from it.`);
  const state = parse(text);
  const version = typeof state === 'object' && state && 'version' in state ? state.version : null;
  if (typeof version === 'number' && version > VERSION)
    throw new UserError(`${name} was written by a newer Trainscope. Update Trainscope to use it.`);
  const problem = shape(state, '');
  if (problem)
    throw new UserError(`${name} is damaged: ${problem}. Delete it to go on from an earlier one.`);
  return state as CheckpointState;
}

const NON_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

function parse(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'string' && NON_FINITE.has(value) ? Number(value) : value,
    );
  } catch {
    return null;
  }
}
