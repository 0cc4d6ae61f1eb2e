import type { OptimizerConfig } from './config.ts';
import type { Values } from './layer.ts';
import { lbfgs } from './lbfgs.ts';

/** Changes the parameters along their gradients; keeps what it must from call to call. */
export type Update = (parameters: Values, gradients: Values, rate: number) => void;

/** The new value; `state` holds two numbers for each value, 0 at the start. `t` counts from 1. */
type Rule = (value: number, gradient: number, state: number[], rate: number, t: number) => number;

/** Update rules of PyTorch. */
export function optimizerOf(config: OptimizerConfig): Update {
  return config.type === 'lbfgs' ? lbfgs(config) : valueByValue(ruleOf(config));
}

function ruleOf(config: Exclude<OptimizerConfig, { type: 'lbfgs' }>): Rule {
  switch (config.type) {
    case 'sgd': {
      const { momentum = 0, nesterov = false } = config;
      return (value, gradient, state, rate) => {
        state[0] = momentum * state[0] + gradient;
        return value - rate * (nesterov ? gradient + momentum * state[0] : state[0]);
      };
    }
    case 'adagrad': {
      const { epsilon = 1e-10 } = config;
      return (value, gradient, state, rate) => {
        state[0] += gradient ** 2;
        return value - (rate * gradient) / (Math.sqrt(state[0]) + epsilon);
      };
    }
    case 'rmsprop': {
      const { rho = 0.9, epsilon = 1e-8 } = config;
      return (value, gradient, state, rate) => {
        state[0] = rho * state[0] + (1 - rho) * gradient ** 2;
        return value - (rate * gradient) / (Math.sqrt(state[0]) + epsilon);
      };
    }
    case 'adam':
      return adam(config);
    case 'adamW': {
      const { weightDecay = 1e-2 } = config;
      const rule = adam(config);
      return (value, gradient, state, rate, t) =>
        rule(value * (1 - rate * weightDecay), gradient, state, rate, t);
    }
  }
}

function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }): Rule {
  return (value, gradient, state, rate, t) => {
    state[0] = beta1 * state[0] + (1 - beta1) * gradient;
    state[1] = beta2 * state[1] + (1 - beta2) * gradient ** 2;
    const mean = state[0] / (1 - beta1 ** t);
    const square = state[1] / (1 - beta2 ** t);
    return value - (rate * mean) / (Math.sqrt(square) + epsilon);
  };
}

function valueByValue(rule: Rule): Update {
  const states: Record<string, number[][]> = {};
  let t = 0;
  return (parameters, gradients, rate) => {
    t++;
    for (const [name, values] of Object.entries(parameters)) {
      states[name] ??= Array.from(values, () => [0, 0]);
      for (const [i, value] of values.entries()) {
        values[i] = rule(value, gradients[name][i], states[name][i], rate, t);
      }
    }
  };
}
