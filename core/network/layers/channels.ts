import type { Op } from '../op.ts';
import { sizeOf } from './layer.ts';

/**
 * Values by channel: the last extent of a shape. `rows` counts examples times places of an image. Sums
 * over rows are made in parts, of some rows of some channels, that do not depend on the number of
 * threads; whoever makes them, they are combined in their order.
 */
export interface Channels {
  channels: number;
  /** Places of one example. */
  places: number;
  rowsInPart: number;
  /** Parts that a full batch is cut into along the rows. */
  rowParts: number;
}

/** A part's operands stay in the second-level cache while it is read twice. */
const VALUES_IN_PART = 1 << 14;
const CHANNELS_IN_PART = 128;

export function channelsOf(shape: readonly number[], capacity: number): Channels {
  const channels = shape[shape.length - 1];
  const places = sizeOf(shape) / channels;
  const rowsInPart = Math.floor(
    VALUES_IN_PART / Math.min(Math.max(channels, 16), CHANNELS_IN_PART),
  );
  return { channels, places, rowsInPart, rowParts: Math.ceil((capacity * places) / rowsInPart) };
}

/** How many parts along the rows a batch has. */
export function rowPartsOf({ places, rowsInPart }: Channels, batch: number): number {
  return Math.ceil((batch * places) / rowsInPart);
}

/** A part: `count` rows from `row`, `width` channels from `channel`; `part` counts along the rows. */
export interface ChannelPart {
  part: number;
  row: number;
  count: number;
  channel: number;
  width: number;
}

export function channelsOp(name: string, cut: Channels, run: (part: ChannelPart) => void): Op {
  const { channels, places, rowsInPart, rowParts } = cut;
  const across = Math.ceil(channels / CHANNELS_IN_PART);
  // One a thread: a step allocates nothing.
  const at: ChannelPart = { part: 0, row: 0, count: 0, channel: 0, width: 0 };
  return {
    name,
    parts: rowParts * across,
    run(index, { rows }) {
      at.part = Math.floor(index / across);
      at.row = at.part * rowsInPart;
      at.count = Math.min(rowsInPart, rows * places - at.row);
      at.channel = (index % across) * CHANNELS_IN_PART;
      at.width = Math.min(CHANNELS_IN_PART, channels - at.channel);
      if (at.count > 0) run(at);
    },
  };
}
