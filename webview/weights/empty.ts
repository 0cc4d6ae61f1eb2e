import type { WeightsOverview } from '../protocol.ts';

/** Why there are no weights to be seen, and what to do. */
export function emptyText(overview: WeightsOverview | null, live: boolean): string {
  if (!overview) return live ? 'Waiting for the first weights…' : 'Reading the run…';
  if (!overview.first) return 'No layer of this network has weights: add a dense or conv2d layer.';
  if (overview.inspected)
    return live
      ? 'Waiting for the first weights…'
      : 'The weights of this run were not kept: those of each layer are too large. A smaller first layer or a smaller image is kept.';
  if (live) return 'No weights have come yet. With inspect: none in the config, none will.';
  return 'No weights of this run were kept: it was trained with inspect: none, by an earlier version, or ended before its first step. Train it again without inspect: none.';
}

/** Layers that are missing among the views. */
export function leftOut(labels: readonly string[]): string {
  if (labels.length === 0) return '';
  const layers = labels.length === 1 ? `${labels[0]} has` : `${labels.join(', ')} have`;
  return `${layers} too many weights to be kept: the first layer is shown up to 4,194,304 of them, the others up to 65,536.`;
}
