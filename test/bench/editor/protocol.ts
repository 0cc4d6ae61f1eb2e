/** The environment variable that tells the extension host at which port the bench listens. */
export const PORT_VARIABLE = 'TRAINSCOPE_BENCH_PORT';

/** What the bench asks of VS Code, a line of JSON each. */
export type Request =
  /** Executes a command; answered when it is done. */
  | { do: 'execute'; command: string; arguments: unknown[] }
  /** Opens a view with nothing but a box. */
  | { do: 'emptyPage' }
  /** Trains a config with its dashboard open; answered when the run has ended. */
  | { do: 'train'; config: string };

export interface Answer {
  /** When it was begun, milliseconds since 1970, with fractions. */
  began: number;
  /** Of `train`: the run's folder. */
  folder: string;
  error: string | null;
}

/** Milliseconds since 1970 with fractions: one clock for all processes of this machine. */
export const clock = (): number => performance.timeOrigin + performance.now();

/** A view with nothing but a box. */
export const EMPTY_PAGE = `<!DOCTYPE html>
<meta charset="utf-8">
<style>#box { width: 60px; height: 60px; background: gray; }</style>
<div id="box"></div>`;
