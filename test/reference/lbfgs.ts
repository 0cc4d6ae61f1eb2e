import type { Values } from './layer.ts';
import type { Update } from './optimizers.ts';

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const difference = (a: number[], b: number[]) => a.map((value, i) => value - b[i]);
/** a + factor · b */
const along = (a: number[], factor: number, b: number[]) =>
  a.map((value, i) => value + factor * b[i]);

/**
 * Limited-memory BFGS with a fixed rate, one iteration a call: PyTorch's LBFGS with max_iter 1 and no
 * line search. The direction is −H g by the two loops over the last pairs of steps s and changes of
 * the gradient y (Nocedal and Wright, algorithm 7.4). The first step is min(1, 1/‖g‖₁) of the rate.
 */
export function lbfgs({ memory = 10 }: { memory?: number }): Update {
  let pairs: { s: number[]; y: number[] }[] = [];
  let previous: { gradient: number[]; step: number[] } | null = null;

  function direction(gradient: number[]): number[] {
    let q = gradient.map((g) => -g);
    const shares = pairs.toReversed().map(({ s, y }) => {
      const share = dot(s, q) / dot(y, s);
      q = along(q, -share, y);
      return share;
    });
    const last = pairs.at(-1);
    if (last) {
      const scale = dot(last.y, last.s) / dot(last.y, last.y);
      q = q.map((value) => value * scale);
    }
    for (const [i, { s, y }] of pairs.entries()) {
      const share = shares[pairs.length - 1 - i] - dot(y, q) / dot(y, s);
      q = along(q, share, s);
    }
    return q;
  }

  return (parameters, gradients, rate) => {
    const gradient = Object.keys(parameters).flatMap((name) => [...gradients[name]]);
    if (Math.max(...gradient.map(Math.abs)) <= 1e-7) return;
    if (previous) {
      const y = difference(gradient, previous.gradient);
      if (dot(y, previous.step) > 1e-10) {
        pairs = [...pairs, { s: previous.step, y }].slice(-memory);
      }
    }
    const size = gradient.reduce((sum, g) => sum + Math.abs(g), 0);
    const length = previous ? rate : Math.min(1, 1 / size) * rate;
    const d = direction(gradient);
    const step = dot(gradient, d) > -1e-9 ? d.map(() => 0) : d.map((value) => value * length);
    addTo(parameters, step);
    previous = { gradient, step };
  };
}

function addTo(parameters: Values, step: number[]): void {
  let from = 0;
  for (const values of Object.values(parameters)) {
    for (const i of values.keys()) values[i] += step[from + i];
    from += values.length;
  }
}
