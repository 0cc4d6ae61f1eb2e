import { cpus, loadavg } from 'node:os';

/** What else the machine did, as far as it tells: figures of a busy one are worth little. */
export interface Machine {
  processor: string;
  cores: number;
  node: string;
  /** The average load of the minute before and the minute at the end of each part. */
  load: { [part: string]: { before: number; after: number } };
}

export function thisMachine(): Machine {
  const processors = cpus();
  const processor = processors[0]?.model.trim() ?? 'unknown';
  return { processor, cores: processors.length, node: process.versions.node, load: {} };
}

/** Does one part and notes the load around it. */
export async function underLoad<T>(
  machine: Machine,
  part: string,
  work: () => Promise<T>,
): Promise<T> {
  const minute = () => Number(loadavg()[0]!.toFixed(2));
  const before = minute();
  const result = await work();
  machine.load[part] = { before, after: minute() };
  return result;
}
