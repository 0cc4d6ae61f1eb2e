import type { ActivityEvent } from '../events/run-event.ts';
import type { Plan } from '../training/plan.ts';

type Columns = Pick<ActivityEvent, 'layers' | 'units' | 'active'>;

/** The share of an epoch's values of each unit that were above 0; null where no layer can die. */
export function readActivity({ buffer }: WebAssembly.Memory, plan: Plan): Columns | null {
  const planned = plan.inspection?.activity ?? [];
  if (planned.length === 0) return null;
  const shares = planned.flatMap(({ units, places, counts }) => {
    const ofThreads = counts.map((offset) => new Uint32Array(buffer, offset, units));
    return Array.from({ length: units }, (_, unit) => {
      const active = ofThreads.reduce((sum, count) => sum + count[unit], 0);
      return Math.ceil((255 * active) / (plan.train.count * places));
    });
  });
  return {
    layers: Uint32Array.from(planned, ({ layer }) => layer),
    units: Uint32Array.from(planned, ({ units }) => units),
    active: Uint8Array.from(shares),
  };
}
