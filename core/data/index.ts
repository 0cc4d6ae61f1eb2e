export type { Affine, Dataset, ExampleStore, Examples } from './dataset.ts';
export { type LoadContext, loadDataset } from './load.ts';
export { RandomStream } from './random.ts';
