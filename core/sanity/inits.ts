/** Nonlinearities, and the init that keeps signals in size through each of them. */
export const ACTIVATION_INITS: { readonly [kind: string]: 'he' | 'xavier' | 'lecun' | undefined } =
  {
    relu: 'he',
    leakyRelu: 'he',
    prelu: 'he',
    elu: 'he',
    gelu: 'he',
    silu: 'he',
    softplus: 'he',
    maxout: 'xavier',
    selu: 'lecun',
    tanh: 'xavier',
    sigmoid: 'xavier',
  };
