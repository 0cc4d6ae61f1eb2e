import { RunLogWriter } from '../../../core/runs/log-writer.ts';
import { started, steps } from '../../unit/runs/events.ts';

/** `node write-forever.ts RUNS_FOLDER`: writes a run until it is killed; says what it has flushed. */
const ROWS = 50;
const log = new RunLogWriter(process.argv[2] ?? '', 'data: {}\n');
log.append(started());
for (let first = 1; ; first += ROWS) {
  try {
    log.append(
      steps(
        first,
        Array.from({ length: ROWS }, (_, i) => 1 / (first + i)),
        0.5,
      ),
    );
    log.flush();
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? `${error.name}: ${error.message}` : error}\n`);
    log.close();
    process.exit(3);
  }
  process.stdout.write(`${first + ROWS - 1}\n`);
  await new Promise((resolve) => setTimeout(resolve, 0));
}
