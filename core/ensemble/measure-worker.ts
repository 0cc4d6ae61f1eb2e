import { dirname } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { UserError } from '../events/user-error.ts';
import { diskError } from '../runs/disk-error.ts';
import { located, parsedConfig } from '../session/prepare.ts';
import { writeTeacher } from '../session/teacher.ts';
import { disputedInputs } from './disagreement.ts';
import { Judge } from './judge.ts';
import { measureEnsemble, singleRow, softTargets } from './measure.ts';
import { Networks } from './networks.ts';
import type { FromMeasurer, MeasureStart, ToMeasurer } from './protocol.ts';

/** Measures the ensembles of `launchMeasuring` in a worker thread, and ends. */
export async function measureAll(port: MessagePort, start: MeasureStart): Promise<void> {
  const { configFile, configText, readableRoots, candidates, distill } = start;
  const post = (message: FromMeasurer) => port.postMessage(message);
  const reserve = (bytes: number) =>
    new Promise<string | null>((resolve) => {
      port.once('message', ({ refusal }: ToMeasurer) => resolve(refusal));
      post({ type: 'reserve', bytes });
    });
  try {
    const { parsed, config } = parsedConfig(configFile, configText);
    await located(parsed, configFile, async () => {
      const networks = new Networks({ readableRoots, reserve });
      // Of all examples, a bootstrap sample or not.
      const data = { ...config.data, bootstrap: false };
      const base = await networks.untrained({ ...config, data }, dirname(configFile));
      const judge = new Judge(base);
      for (const [index, candidate] of candidates.entries()) {
        const { rows, disagreement } = await measureEnsemble(networks, judge, candidate);
        const [first] = rows;
        if (index === 0 && first) post({ type: 'told', event: singleRow(candidate, first) });
        for (const event of rows) post({ type: 'told', event });
        if (index !== start.disputed) continue;
        post({ type: 'told', event: disagreement });
        post({ type: 'told', event: disputedInputs(judge, disagreement) });
      }
      if (distill) {
        const table = await softTargets(networks, base, distill);
        await writeTeacher(distill.file, table, base.model.plan.outputs).catch((error) => {
          throw diskError(error, distill.file);
        });
      }
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    post({ type: 'refused', message: error.message, place: error.place });
  }
  port.close();
}
