import { isGeneratorSource } from '../../../config/index.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { staticRule } from './static-rule.ts';

/** Columns that look like the pixels of an image, of which the config does not say so. */
export const missingFlattenOrShape = staticRule(
  'missing-flatten-or-shape',
  ({ config, data, started }) => {
    const { inputShape, rotation } = started.plan;
    const { image, source } = config.data;
    if (!data || image || inputShape.length !== 1 || rotation || isGeneratorSource(source))
      return NOTHING;
    const pixels = inputShape[0]!;
    const channels = [1, 3].find((count) => Number.isInteger(Math.sqrt(pixels / count)));
    if (!channels) return NOTHING;
    const side = Math.sqrt(pixels / channels);
    const bright = data.max.every((x) => x <= 255 && Number.isInteger(x));
    const dark = data.min.every((x) => x >= 0 && Number.isInteger(x));
    // Pixels share a scale; columns of a table seldom do.
    const top = Math.max(...data.max);
    const alike = data.max.filter((x) => x === top).length > pixels / 4;
    if (side < THRESHOLDS.config.imageSide || !bright || !dark || !alike) return NOTHING;
    const shape = { height: side, width: side, channels };
    return [
      {
        severity: 'info',
        path: ['data', 'image'],
        message: `The ${pixels} columns look like the pixels of ${side} × ${side} images${channels === 3 ? ' in color' : ''}. With image: { height: ${side}, width: ${side}${channels === 3 ? ', channels: 3' : ''} } convolutions can read them, and first-layer weights are shown as pictures.`,
        evidence: { columns: pixels, least: 0, largest: top },
        fixes: [
          {
            title: 'Say that these are images',
            edits: [{ path: ['data', 'image'], value: shape }],
          },
        ],
      },
    ];
  },
);
