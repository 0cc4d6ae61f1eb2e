/** Golden rows that the engine does not support yet. The last one takes this list and its test with it. */
export const PENDING: string[] = [
  'label smoothing',
  'class weights',
  'class weights in batches',
  'label smoothing with class weights',
  'binaryCrossEntropy',
  'binaryCrossEntropy of one output',
  'hinge',
  'huber of classes',
  'huber, regression',
  'huber of delta 0.3',
  'lbfgs',
  'lbfgs, l2',
  'lbfgs of memory 2',
  'lbfgs of memory 2, l2',
];
