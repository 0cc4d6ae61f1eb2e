import { dirname } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { diskError } from '../runs/disk-error.ts';
import { located, parsedConfig } from '../session/prepare.ts';
import { writeTeacher } from '../session/teacher.ts';
import { doWork } from '../session/work.ts';
import { disputedInputs } from './disagreement.ts';
import { Judge } from './judge.ts';
import { measureEnsemble, singleRow, softTargets } from './measure.ts';
import { Networks } from './networks.ts';
import type { Measured, MeasureStart } from './protocol.ts';

/** Measures the ensembles of `launchMeasuring` in a worker thread, and ends. */
export function measureAll(port: MessagePort, start: MeasureStart): Promise<void> {
  const { configFile, configText, readableRoots, candidates, distill } = start;
  return doWork<Measured>(port, async ({ tell, reserve }) => {
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
        if (index === 0 && first) tell(singleRow(candidate, first));
        for (const row of rows) tell(row);
        if (index !== start.disputed) continue;
        tell(disagreement);
        tell(disputedInputs(judge, disagreement));
      }
      if (distill) {
        const table = await softTargets(networks, base, distill);
        await writeTeacher(distill.file, table, base.model.plan.outputs).catch((error) => {
          throw diskError(error, distill.file);
        });
      }
    });
  });
}
