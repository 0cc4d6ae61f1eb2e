import {
  HEADER_NUMBERS,
  type HeaderNumber,
  type RunDelta,
  type RunHeader,
  type SeriesDelta,
  type ToView,
  type ViewSettings,
} from '../../../webview/protocol.ts';

export const SETTINGS: ViewSettings = {
  tab: 'curves',
  xAxis: 'epochs',
  logLoss: true,
  smoothing: 0.6,
  hidden: [],
};

/** Park and Miller's generator, made normal by Box and Muller: the same curves every time. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

export function series(
  id: string,
  label: string,
  xs: readonly number[],
  f: (x: number) => number,
): SeriesDelta {
  return { id, label, keep: 0, x: Float64Array.from(xs), y: Float64Array.from(xs, f) };
}

export function header(
  changes: Partial<Omit<RunHeader, 'numbers'>>,
  numbers: Partial<Record<HeaderNumber, number>>,
): RunHeader {
  return {
    id: '2026-11-20T10-00-00-digits',
    name: 'digits · run 7',
    state: 'training',
    quality: 'accuracy',
    message: null,
    damage: null,
    findings: [],
    judged: true,
    reading: false,
    ...changes,
    numbers: Float64Array.from(HEADER_NUMBERS, (name) => numbers[name] ?? Number.NaN),
  };
}

const range = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

interface Shape {
  seed: number;
  /** Epochs done. */
  epochs: number;
  floor: number;
  speed: number;
  /** From this epoch on everything is NaN. */
  nanFrom?: number;
  points?: number;
}

/** A run whose loss falls as e^(−speed · epoch) to a floor, 50 steps an epoch. */
export function shapedRun(head: RunHeader, shape: Shape): RunDelta {
  const { seed, epochs, floor, speed, nanFrom = Number.POSITIVE_INFINITY } = shape;
  const normal = normals(seed);
  const steps = range(0.02, epochs, shape.points ?? Math.round(epochs * 50));
  const whole = Array.from({ length: Math.floor(epochs) }, (_, i) => i + 1);
  const mean = (e: number) => floor + 2.1 * Math.exp(-e * speed);
  const until = (f: (e: number) => number) => (e: number) => (e >= nanFrom ? Number.NaN : f(e));
  const layer = (id: number, part: string, label: string, height: number) =>
    series(
      `ratio:model.layers.${id}.${part}`,
      label,
      steps.filter((_, i) => i % 5 === 0),
      until((e) => 10 ** (height + 0.7 * Math.exp(-e * 0.8) - 0.02 * e + 0.05 * normal())),
    );
  return {
    header: head,
    series: [
      series(
        'batchLoss',
        'batch',
        steps,
        until((e) => mean(e) * Math.exp(0.16 * normal())),
      ),
      series('smoothLoss', 'train', steps, until(mean)),
      series(
        'trainLoss',
        'train, epoch',
        whole,
        until((e) => mean(e - 0.4)),
      ),
      series(
        'validationLoss',
        'validation',
        whole,
        until((e) => mean(e) + 0.04 + Math.max(0, e - 10) * 0.006),
      ),
      series('trainQuality', 'train', whole, (e) => 0.984 - 0.55 * Math.exp(-e * speed)),
      series('validationQuality', 'validation', whole, (e) => 0.953 - 0.53 * Math.exp(-e * speed)),
      layer(0, 'weights', 'dense 1 weights', -2.75),
      layer(0, 'biases', 'dense 1 biases', -2.3),
      layer(2, 'weights', 'dense 2 weights', -2.98),
      layer(4, 'weights', 'dense 3 weights', -4.1),
      series('learningRate', 'rate', steps, (e) => 0.01 * 0.5 ** Math.floor(e / 5)),
    ],
  };
}

/** 620 of 1,000 steps done: the run of the mock-up. */
export function trainingRun(): RunDelta {
  const numbers = {
    epoch: 12.4,
    epochs: 20,
    step: 620,
    loss: 0.121,
    validationLoss: 0.171,
    trainQuality: 0.984,
    validationQuality: 0.953,
    learningRate: 0.01,
    examplesPerSecond: 41_812,
    secondsLeft: 9.2,
    elapsedSeconds: 15,
  };
  return shapedRun(header({}, numbers), { seed: 7, epochs: 12.4, floor: 0.12, speed: 0.62 });
}

export function earlierRun(n: number, speed: number): RunDelta {
  const numbers = {
    epoch: 20,
    epochs: 20,
    step: 1000,
    loss: 0.2,
    validationQuality: 0.9 + n / 100,
    learningRate: 1e-3,
    elapsedSeconds: 24,
  };
  const id = `2026-11-20T09-0${n}-00-digits`;
  const head = header({ id, name: `digits · run ${n}`, state: 'completed' }, numbers);
  return shapedRun(head, { seed: n, epochs: 20, floor: 0.2, speed });
}

/** Its loss became NaN in the third epoch. */
export function divergedRun(): RunDelta {
  const numbers = {
    epoch: 3.4,
    epochs: 20,
    step: 170,
    loss: Number.NaN,
    trainQuality: 0.1,
    validationQuality: 0.098,
    learningRate: 1,
    elapsedSeconds: 3,
  };
  const message =
    'The loss became NaN at step 135 and training was ended: the learning rate 1 is too high.';
  const head = header({ name: 'digits · run 8', state: 'diverged', message }, numbers);
  return shapedRun(head, { seed: 3, epochs: 3.4, floor: 0.3, speed: 0.4, nanFrom: 2.7 });
}

export function hydrate(...runs: RunDelta[]): Extract<ToView, { type: 'hydrate' }> {
  return { type: 'hydrate', settings: SETTINGS, focus: runs[0]!.header.id, runs };
}
