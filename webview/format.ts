export {
  type Axis,
  brief,
  count,
  duration,
  exact,
  position,
  quality,
  rate,
  short,
  shortName,
  speed,
} from '../core/report/format.ts';
