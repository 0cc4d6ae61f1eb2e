export type { Affine, Dataset, Examples, ExampleStore } from './dataset.ts';
export { type LoadContext, loadDataset } from './load.ts';
export { RandomStream } from './random.ts';
