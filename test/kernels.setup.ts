import { buildKernels } from '../extension/development/kernels.ts';

/** Tests import the engine from source; what it imports must have been compiled. */
export default buildKernels;
