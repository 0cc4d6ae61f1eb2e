import type { Moment, ScheduleConfig, Shape } from './schedule.ts';

type Of<Type> = Extract<ScheduleConfig, { type: Type }>;

/** Completed epochs since the warm-up: these schedules change between epochs. */
const epochs = ({ updates, stepsPerEpoch }: Moment) => Math.floor(updates / stepsPerEpoch);

/** factor^⌊epoch / every⌋: PyTorch's StepLR. */
export const step: Shape<Of<'step'>> = ({ every, factor }, moment) =>
  factor ** Math.floor(epochs(moment) / every);

/** e^(−rate · epoch): PyTorch's ExponentialLR with gamma = e^(−rate). */
export const exponential: Shape<Of<'exponential'>> = ({ rate }, moment) =>
  Math.exp(-rate * epochs(moment));

/** 1 / (1 + rate · epoch): "1/t decay". */
export const inverse: Shape<Of<'inverse'>> = ({ rate }, moment) => 1 / (1 + rate * epochs(moment));
