/**
 * Every number that a rule judges by, with what justifies it. Figures of the lectures are CS231n's; the
 * others are tuned on half of the bases of the benchmark (test/faults) and reported on the other half.
 */
export const THRESHOLDS = {
  explosion: {
    /** Cost over first cost. The lectures: "if the cost is ever > 3 × original, break out early". */
    factor: 3,
    /** Fast over slow average of the cost: below it the cost comes down again. A catapult does, for some steps. */
    recovering: 0.9,
    /** Steps in a row above the factor, at least; and the share of an epoch. */
    leastSteps: 10,
    epochs: 0.25,
    /** Of the slow average, whatever the epoch. */
    mostSteps: 50,
  },
  rate: {
    /** ‖update‖ / ‖W‖ that the lectures want. */
    wantedRatio: 1e-3,
    /** Few networks train with more. */
    usual: 0.1,
    /** Above it a step rewrites the weights rather than improves them. */
    wildRatio: 0.1,
    /** A cost that has grown by this before it was no number was driven there by steps. */
    growth: 3,
  },
  decay: {
    /** learningRate · l2: a step multiplies weights by 1 − ηλ, which oscillates above 1 and diverges above 2. */
    unstable: 2,
    /** Few networks are regularized by more. */
    usual: 1e-2,
  },
} as const;
