import { parentPort, workerData } from 'node:worker_threads';
import { measureAll } from './ensemble/measure-worker.ts';
import type { MeasureStart } from './ensemble/protocol.ts';
import { UserError } from './events/user-error.ts';
import type { CheckStart } from './sanity/check-protocol.ts';
import { check } from './sanity/check-worker.ts';
import { buffersOf } from './session/buffers.ts';
import type { ExploreStart } from './session/explore-protocol.ts';
import { explore } from './session/explore-worker.ts';
import { LoadedData } from './session/loaded-data.ts';
import { MessageControl } from './session/message-control.ts';
import type { FromWorker, ToWorker } from './session/protocol.ts';
import { runSession } from './session/session.ts';
import { type HelperStart, help } from './training/threads/helper.ts';

/**
 * A worker thread that does a run, or one after another: messages of `launchRun` <-> a session. Or one that helps another of
 * these with its steps, answers the questions of `launchExplorer`, does the checks of `launchChecks`, or measures ensembles for
 * `launchMeasuring`.
 */

if (!parentPort) throw new Error('This file runs as a worker thread.');
const port = parentPort;
const roles = (workerData ?? {}) as {
  help?: HelperStart;
  explore?: ExploreStart;
  check?: CheckStart;
  measure?: MeasureStart;
};
type Start = Extract<ToWorker, { type: 'start' }>;
let control: MessageControl | null = null;
const data = new LoadedData();
let granted: ((refusal: string | null) => void) | null = null;

const post = (message: FromWorker, transfer: ArrayBuffer[] = []) =>
  port.postMessage(message, transfer);

function receive(message: ToWorker): void {
  switch (message.type) {
    case 'start':
      control = new MessageControl(port, message.bell, receive);
      void train(message, control);
      break;
    case 'command':
      control?.add(message);
      break;
    case 'reserved':
      granted?.(message.refusal);
      break;
  }
}

async function train({ request, threads, keep }: Start, control: MessageControl): Promise<void> {
  try {
    await runSession(request, {
      control,
      threads,
      ...(keep && { data }),
      reserve: (bytes) =>
        new Promise((resolve) => {
          granted = resolve;
          post({ type: 'reserve', bytes });
        }),
      opened: (folder) => post({ type: 'opened', folder }),
      send: (events) => post({ type: 'events', events }, buffersOf(events)),
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    post({ type: 'refused', message: error.message, place: error.place });
  }
  if (keep) post({ type: 'ready' });
  else port.close();
}

if (roles.help) help(roles.help);
else if (roles.explore) void explore(port, roles.explore);
else if (roles.check) void check(port, roles.check);
else if (roles.measure) void measureAll(port, roles.measure);
else port.on('message', receive);
