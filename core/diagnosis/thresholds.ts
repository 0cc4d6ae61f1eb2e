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
  config: {
    /**
     * Of the way from chance to perfect: what has come so far is well, however unusual its config. Lectures'
     * nets on easy data pass it, a network with a fault that matters does not.
     */
    learned: 0.9,
    /**
     * Learning rates beyond which hardly any network learns: SGD's counted with momentum, η / (1 − μ). Adam and
     * its relatives move each weight by about η a step, and 0.02 is known to work. Lectures search 1e-6 … 1.
     */
    rates: {
      sgd: { low: 1e-6, high: 5 },
      adagrad: { low: 1e-6, high: 5 },
      rmsprop: { low: 1e-7, high: 0.2 },
      adam: { low: 1e-7, high: 0.2 },
      adamW: { low: 1e-7, high: 0.2 },
      lbfgs: { low: 1e-3, high: 2 },
    },
    /** So many times above the highest: beyond hope. */
    hopeless: 100,
    /** Raw inputs that are larger make up for a low rate: pixels up to 255. */
    largeInput: 20,
    /** Dropped: the lectures drop 0.5 of hidden values, 0.2 of inputs. From here on most of the signal is gone. */
    dropout: { hidden: 0.8, input: 0.5, leastUnits: 2 },
    /** Dropped straight before batch normalization: the variance it learns is off by 1 / (1 − rate). */
    dropoutBeforeNorm: 0.5,
    /** Factor by which a signal of mean square 1 shrinks or grows through the whole network. */
    signal: { low: 1e-3, high: 1e3 },
    /** Standard deviation of what goes into a sigmoid or tanh: from here on most units are saturated. */
    saturating: 5,
    /** Fewest pixels along a side of what may be an image. */
    imageSide: 8,
  },
} as const;
