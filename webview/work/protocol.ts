/** What the host says alike to the views of sweeps and of ensembles. */

/** `stopped`: nobody goes on with it just now; `elsewhere`: another process has it; `failed`: it could not go on. */
export type WorkPhase = 'preparing' | 'stopping' | 'completed' | 'stopped' | 'elsewhere' | 'failed';

export interface WorkFacts<Activity extends string> {
  /** Its folder. */
  id: string;
  /** e.g. "digits · 15:20". */
  name: string;
  phase: WorkPhase | Activity;
  /** Why it failed, in a sentence. */
  message: string | null;
  /** Nobody is at it, and somebody could go on with it. */
  canGoOn: boolean;
}

/** What the head of either view asks for. */
export type WorkCommand = 'stop' | 'resume' | 'openConfig' | 'reveal';
