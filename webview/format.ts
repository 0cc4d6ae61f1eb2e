export {
  type Axis,
  brief,
  count,
  duration,
  exact,
  position,
  quality,
  rate,
  shortName,
  speed,
} from '../core/report/format.ts';
