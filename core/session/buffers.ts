import type { RunEvent } from '../events/run-event.ts';

/** The memory behind the columns of events: it can be handed to another thread uncopied. */
export function buffersOf(events: readonly RunEvent[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const event of events) {
    for (const value of Object.values(event)) {
      if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) {
        buffers.add(value.buffer);
      }
    }
  }
  return [...buffers];
}
