import { measuredTensors } from '../../events/distributions.ts';
import type { ConfigPath } from '../../events/finding.ts';
import type { JudgedTrace } from '../rule.ts';
import { type Look, measured } from '../trace.ts';

/** Where the first number that is none was seen, in the order in which a step computes. */
export interface Origin {
  kind: 'input' | 'parameter' | 'activation' | 'loss' | 'unknown';
  /** e.g. "weights of dense 2", "outputs of exponential 1". */
  name: string;
  layer?: ConfigPath;
  /** The largest size that came in: of the tensor before, or of the tensor's own finite values. */
  largest: number;
}

/** From the replay of the step that failed; `unknown` where nothing is inspected. */
export function originOf(trace: JudgedTrace): Origin {
  const { look } = trace;
  if (!look || look.step !== trace.step || look.batch !== 'training')
    return { kind: 'unknown', name: '', largest: Number.NaN };
  const { layers } = trace.started.plan;
  const rows = measuredTensors({ layers });
  const isBroken = (row: number) =>
    measured(look, row, 'nan') + measured(look, row, 'infinite') > 0;
  if (isBroken(0)) return { kind: 'input', name: 'the inputs', largest: sizeOf(look, 0) };
  for (const [index, layer] of layers.entries()) {
    const { path, label } = layer;
    for (const [row, { kind, layer: owner, parameter }] of rows.entries()) {
      if (kind !== 'parameter' || owner !== index || !isBroken(row)) continue;
      const name = `${nameOfParameter(trace, parameter)} of ${label}`;
      return { kind: 'parameter', name, layer: path, largest: sizeOf(look, row) };
    }
    const row = 1 + 2 * index;
    if (!isBroken(row)) continue;
    const before = index === 0 ? 0 : row - 2;
    const largest = Math.max(sizeOf(look, before), 0);
    return { kind: 'activation', name: `outputs of ${label}`, layer: path, largest };
  }
  const last = 1 + 2 * (layers.length - 1);
  return { kind: 'loss', name: 'the loss', largest: sizeOf(look, last) };
}

function nameOfParameter({ started }: JudgedTrace, parameter: number): string {
  return (
    started.plan.layers.flatMap(({ parameters }) => parameters)[parameter]?.name ?? 'parameters'
  );
}

/** The largest size of a row's finite values. */
function sizeOf(look: Look, row: number): number {
  const most = Math.max(Math.abs(measured(look, row, 'min')), Math.abs(measured(look, row, 'max')));
  return Number.isNaN(most) ? 0 : most;
}
