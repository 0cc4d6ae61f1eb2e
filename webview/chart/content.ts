import type * as chart from '../../core/report/chart/content.ts';
import type { Color } from '../color.ts';

export { type Alarm, alarms, extent, nearest } from '../../core/report/chart/content.ts';
export type Line = chart.Line<Color>;
export type Content = chart.Content<Color>;
export type Gap = chart.Gap<Color>;
