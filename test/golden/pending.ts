/** Golden rows that the engine does not support yet. The last one takes this list and its test with it. */
export const PENDING: string[] = [
  'lbfgs',
  'lbfgs, l2',
  'lbfgs of memory 2',
  'lbfgs of memory 2, l2',
];
