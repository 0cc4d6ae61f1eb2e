import type { RuleSet } from '../rule-set.ts';
import { autoTrainer } from './auto-trainer.ts';
import { deepDiagnosis } from './deep-diagnosis.ts';
import { sagemakerDebugger } from './sagemaker-debugger.ts';
import { theDeepChecker } from './the-deep-checker.ts';
import { umlaut } from './umlaut.ts';

/** Published predicates, applied to the traces of our engine: not the tools themselves. */
export const RIVALS: readonly RuleSet[] = [
  sagemakerDebugger,
  autoTrainer,
  deepDiagnosis,
  umlaut,
  theDeepChecker,
];
