// The peer of bench `step`: the same training step in TensorFlow.js on WebAssembly, for dense networks (its
// WebAssembly backend has no gradient of a convolution). Requests and answers as in pytorch-peer.py; the
// argument is the folder where it is installed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(join(process.argv[2], 'package.json'));
const tf = require('@tensorflow/tfjs');
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');
setWasmPaths(join(process.argv[2], 'node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
await tf.setBackend('wasm');
await tf.ready();

function stepOf({ input, layers, classes, batch }) {
  const sizes = [input[0], ...layers.filter((l) => l !== 'relu').map(({ dense }) => dense)];
  const weights = sizes.slice(1).map((units, i) => ({
    w: tf.variable(tf.randomNormal([sizes[i], units], 0, Math.sqrt(2 / sizes[i]))),
    b: tf.variable(tf.zeros([units])),
  }));
  const x = tf.randomNormal([batch, sizes[0]]);
  const y = tf.cast(tf.oneHot(tf.randomUniform([batch], 0, classes, 'int32'), classes), 'float32');
  const optimizer = tf.train.momentum(1e-3, 0.9);
  const loss = () => {
    let h = x;
    for (const [i, { w, b }] of weights.entries()) {
      h = tf.add(tf.matMul(h, w), b);
      if (i < weights.length - 1) h = tf.relu(h);
    }
    return tf.losses.softmaxCrossEntropy(y, h);
  };
  return () => {
    const cost = optimizer.minimize(loss, true);
    cost.dataSync();
    cost.dispose();
  };
}

const steps = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const { repetitions, ...request } = JSON.parse(line);
  const key = JSON.stringify(request);
  if (!steps.has(key)) {
    steps.set(key, stepOf(request));
    steps.get(key)();
  }
  const times = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    steps.get(key)();
    times.push((performance.now() - start) * 1000);
  }
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({ us: times[times.length >> 1] }));
}
