import fc from 'fast-check';

/**
 * Property tests draw the same values in every run; `TRAINSCOPE_TEST_SEED=2 npm test` draws others.
 * Shrinking a failure of a long array could take hours: it ends with what it has by then.
 */
fc.configureGlobal({
  seed: Number(process.env.TRAINSCOPE_TEST_SEED ?? 1),
  interruptAfterTimeLimit: 15_000,
  markInterruptAsFailure: true,
});
