const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The exit code of a run that was interrupted, once its log is closed. */
export const INTERRUPTED = 130;

/** Calls `stop` at the first Ctrl-C (or its like), and ends the process at the second. */
export function onInterrupt(stop: () => void): { interrupted: () => boolean; dispose: () => void } {
  let interrupted = false;
  const handle = () => {
    if (interrupted) process.exit(INTERRUPTED);
    interrupted = true;
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return {
    interrupted: () => interrupted,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, handle);
    },
  };
}
