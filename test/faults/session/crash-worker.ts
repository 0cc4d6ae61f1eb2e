import { parentPort } from 'node:worker_threads';
import type { FromWorker } from '../../../core/session/protocol.ts';
import '../../../core/worker.ts';

/** How to break down; set when this file is bundled. */
declare const WAY: 'throw' | 'reject' | 'exit' | 'memory' | 'early';

const ways: Record<typeof WAY, () => void> = {
  throw: () =>
    setTimeout(() => {
      throw new Error('a screw came loose');
    }),
  reject: () => void Promise.reject(new Error('a promise was not kept')),
  exit: () => process.exit(7),
  early: () => process.exit(7),
  memory() {
    const hoard: object[] = [];
    while (parentPort) hoard.push(new Array(10_000).fill(hoard.length));
  },
};

/** The real worker, which breaks down after its first epoch or, `early`, before it has a run. */
const port = parentPort!;
const post = port.postMessage.bind(port);
let broken = false;
port.postMessage = (message: FromWorker, ...rest) => {
  post(message, ...rest);
  const trained = message.type === 'events' && message.events.some(({ type }) => type === 'epoch');
  if (broken || (WAY !== 'early' && !trained)) return;
  broken = true;
  ways[WAY]();
};
