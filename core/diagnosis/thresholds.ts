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
    /** Below it updates are too small: a fifth of what the lectures want. */
    lowRatio: 2e-4,
    /** What a tenth of the epochs brings a run that is slow but on its way, of guessing's loss: less is none. */
    creep: 0.004,
    /** Updates ten times as large as wanted, late in a run. */
    restlessRatio: 1e-2,
    /** Mean change of the loss from epoch to epoch, of itself: so much is noise of the steps, not learning. */
    restless: 0.15,
    /** A tenth of the epochs that takes away this part of the loss still gets somewhere. */
    settling: 0.08,
    /** With tiny batches, of the loss on validation examples. */
    restlessBatch: 0.25,
    /** Left of the training part in most epochs, where that noise matters. */
    unsettledMostly: 0.035,
    /** Mean ‖update‖ / ‖W‖ over the first epoch, from which on steps can have driven units to where they are flat. */
    driving: 0.03,
    /** Early updates may be larger than later ones: so many times the weights, at first. */
    aimedRatio: 5e-3,
    /** Rates that work for most networks. */
    usualRates: { sgd: 0.1, adagrad: 0.05, rmsprop: 0.005, adam: 0.01, adamW: 0.01, lbfgs: 1 },
    /** Fewer updates are too few for any rate. */
    fewSteps: 150,
    /** Sum of ‖update‖ / ‖W‖ over the first epoch, from which on a run can have been thrown off. */
    throwing: 0.3,
    /** What was learned and lost again, as a part of that of guessing; and of what was left at best. */
    relapse: 0.15,
    relapseFactor: 2,
    /** A loss that rose to so many times the first one, or guessing's, was driven there by steps. */
    thrown: 2,
  },
  learning: {
    /** What is left of guessing's loss where nothing is learned. */
    nothing: 0.97,
    /** Much is left to learn. */
    much: 0.4,
    /** A run is judged after this share of its epochs, and after two of them. */
    share: 0.08,
    /** A run that has come so far has come over what hindered it. */
    over: 0.15,
    /** One that has come nine tenths of the way that the data allow has learned it, whatever it took: much of what is left may be noise. */
    done: 0.1,
  },
  signal: {
    /** RMS gradient of the first layer's weights over that of the last's. Healthy networks: 0.1 … 10. */
    vanishing: 1e-2,
    /** RMS gradient of a layer's weights before the first step; healthy ones are below 1. */
    exploding: 1e3,
    /** Dead units of a layer: 70–90 % at 0 at a time are healthy, units at 0 for a whole epoch are few. */
    deadShare: 0.5,
    /** Saturated outputs of a layer; and of one that is fine. */
    saturated: 0.5,
    unsaturated: 0.25,
    /** What is left to learn where a symptom matters. */
    suffers: 0.3,
    /** ‖update‖ / ‖W‖ below float32's resolution. */
    unchanged: 1e-7,
  },
  init: {
    /** First loss over that of guessing; healthy inits: below 2, with wide outputs 3. */
    firstLoss: 4,
    /** Size of the first outputs where the loss tells no scale. */
    large: 20,
    /** Deviation of the last hidden layer's first outputs. */
    small: 1e-3,
    suffers: 0.7,
    /** With small weights tanh and relu nets are linear: left where these stand still. */
    linear: 0.15,
    /** A run that is off the bad start by this share of its epochs has lost little. */
    late: 0.15,
  },
  batch: {
    /** Examples a step whose gradient is mostly noise. */
    tiny: 2,
  },
  oscillation: {
    /** Epochs that are looked at, and how often the loss has to turn among them. */
    span: 6,
    turns: 3,
    /** Mean change from epoch to epoch, of guessing's loss. */
    swing: 0.25,
  },
  schedule: {
    /** Share of the sum of all rates; nearly nothing comes after it. */
    spent: 0.9,
    /** Later in the run a low rate is as it should be. */
    progress: 0.5,
    suffers: 0.2,
    /** The latest epoch left more than this part of the loss before it. */
    flat: 0.95,
  },
  slow: {
    share: 0.3,
    /** What is learned only after this share of the epochs is learned late. */
    late: 0.5,
    suffers: 0.3,
    /** Of what is left, per epoch: less is a standstill, not a way. */
    fall: 0.003,
  },
  fit: {
    /** What validation has left beyond training, of guessing's loss, and the accuracy or R² that it lacks. */
    gap: 0.25,
    accuracyGap: 0.1,
    /** At the end a tenth of the epochs still brought this much of guessing's loss. */
    brings: 0.01,
    /** The same where neighbours show that there is more to learn. */
    behind: 0.001,
    /** More epochs promise so much, of right answers beyond chance or of R²: less is not worth the time. */
    promising: 0.03,
    /** Penalty's share of the cost, and what is left to learn. */
    penalty: 0.3,
    suffers: 0.2,
    /** l1 or l2 that can pull all weights to 0, where the penalty is no longer seen. */
    strongDecay: 1e-2,
    /** Dropped fraction that can be too much. */
    dropout: 0.6,
    /** Epochs without anything learned, of all. */
    hopeless: 0.25,
  },
  classes: {
    /** The most common class over the rarest one. SageMaker Debugger uses 10 as well. */
    imbalance: 10,
  },
  labels: {
    /** (agreement − chance) / (1 − chance) of nearest neighbours' labels; clean data: above 0.7. */
    agreement: 0.5,
    suffers: 0.5,
    /** Variance of neighbours' agreement over that of labels which are wrong at random, which is 1 but for chance. */
    uneven: 1.5,
    /** Examples of each class, at least: among fewer the nearest neighbour is far away. */
    leastOfEach: 10,
  },
  neighbours: {
    /** Of the way from chance to perfect: less, and neighbours tell nothing. */
    telling: 0.2,
    /** Of the inputs' variation, not shared by neighbours: from farther away no line leads to where they are one. */
    near: 0.125,
    /** What may be left where it is known what can be reached, beside what chance has to do with that. */
    exact: 0.05,
    /** Chance in the noise of numbers, as a part of it: among 150 examples. */
    doubt: 0.25,
    /** Accuracy or R² that a run lacks of what neighbours reach: what costs as much is a fault (see TrainFaults). */
    behind: 0.05,
    /** Among fewer examples that may be chance. */
    least: 100,
  },
  leak: {
    /** Of the validation examples; a few duplicates are in most data. */
    share: 0.02,
    leastExamples: 3,
  },
  input: {
    /** Root mean square of what enters the network; 0..5, 0..16 train well. */
    large: 20,
    small: 1e-2,
    suffers: 0.5,
  },
  decay: {
    /** learningRate · l2: a step multiplies weights by 1 − ηλ, which oscillates above 1 and diverges above 2. */
    unstable: 2,
    /** Few networks are regularized by more. */
    usual: 1e-2,
  },
  config: {
    /** What slows a run down has done no harm only if that came within this share of the epochs. */
    soon: 1 / 3,
    /** Of the training part, left where a network has all the capacity it needs. */
    capable: 0.1,
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
