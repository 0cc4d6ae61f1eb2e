import { realpathSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { version } from '../package.json';
import { UserError } from './events/user-error.ts';
import { checkVerb } from './terminal/check.ts';
import { type EnsembleOptions, ensembleVerb } from './terminal/ensemble.ts';
import { type InspectOptions, inspectVerb } from './terminal/inspect.ts';
import { lintVerb } from './terminal/lint.ts';
import { Output } from './terminal/output.ts';
import { type RepairOptions, repairVerb } from './terminal/repair.ts';
import { type ReportOptions, reportVerb } from './terminal/report.ts';
import { type SweepOptions, sweepVerb } from './terminal/sweep.ts';
import { type TrainOptions, trainVerb, type VerbOptions } from './terminal/train.ts';
import { trialVerb } from './terminal/trial.ts';

/** The command line: arguments <-> sessions. */

const EXIT_CODES = `
Exit codes:
  0    fine
  1    a finding of severity error, a failed check, or the training diverged
  2    bad input or usage, or the run could not be carried out (its disk is full, say)
  130  interrupted; the run's log is closed`;

const JSON_LINES = 'one JSON object a line on standard output, nothing else';

const json = process.argv.includes('--json');
const output = new Output(process.stdout, process.stderr, json);
main()
  .catch((error: unknown) => {
    output.error(error);
    return 2;
  })
  .then((exitCode) => {
    process.exitCode = exitCode;
  });

async function main(): Promise<number> {
  let exitCode = 0;
  const program = new Command('trainscope')
    .description('Trains neural networks from config files and tells what happens inside.')
    .version(version, '-V, --version', 'tell the version')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  const verb = <Options extends VerbOptions>(
    name: string,
    description: string,
    run: (config: string, options: Options) => Promise<number>,
  ) =>
    program
      .command(name)
      .description(description)
      .argument('<config>', 'the config, e.g. digits.train.yaml')
      .option('--set <path=value>', 'override a key; the value is YAML (repeatable)', append, [])
      .option('--json', JSON_LINES, false)
      .addHelpText('after', EXIT_CODES)
      .action(async (config: string, options: Options) => {
        exitCode = await run(config, options);
      });
  verb<TrainOptions>(
    'train',
    'Train; the run is kept in .trainscope/runs beside the config.',
    (config, options) => trainVerb(config, options, output, siblingFile('worker')),
  )
    .option('--resume <run>', 'go on with this earlier run, from its last checkpoint: its folder')
    .option('--seeds <n>', 'train with so many seeds, and tell mean and deviation');
  verb(
    'lint',
    'Tell what is wrong with a config, its data and its shapes; train nothing.',
    (config, options) => lintVerb(config, options, output),
  );
  verb(
    'check',
    'Look before training: data, first loss, signals and gradients, learning rate; some seconds.',
    (config, options) => checkVerb(config, options, output, siblingFile('worker')),
  );
  verb<RepairOptions>(
    'repair',
    'Find what is wrong, mend it, and prove by training that it is better.',
    (config, options) => repairVerb(config, options, output, siblingFile('worker')),
  ).option('--write', 'write the edits into the config', false);
  verb<SweepOptions>(
    'sweep',
    'Search better values of some keys, coarse to fine; its trials are kept in .trainscope/sweeps.',
    (config, options) =>
      sweepVerb(config, options, output, siblingFile('worker'), siblingFile('cli')),
  )
    .option('--resume <sweep>', 'go on with this interrupted sweep: its folder')
    .option('--stage <n>', 'do the stages up to this one, then show the ranges of the next')
    .option(
      '--narrow <path=lo..hi>',
      'the range of a key in the next stage (repeatable)',
      append,
      [],
    )
    .option('--seeds <n>', 'train the best three with so many seeds in the end');
  verb<EnsembleOptions>(
    'ensemble',
    'Train several networks that answer together, and compare them with one.',
    (config, options) => ensembleVerb(config, options, output, siblingFile('worker')),
  )
    .option('--compare', 'every method and combination that this config can have', false)
    .option('--resume <ensemble>', 'go on with this interrupted ensemble: its folder');
  program
    .command('trial', { hidden: true })
    .argument('<folder>')
    .action(async (folder: string) => {
      exitCode = await trialVerb(folder, siblingFile('worker'));
    });
  program
    .command('inspect')
    .description('Tell what was measured inside the network of a run.')
    .argument('<run>', 'its folder, or its name in .trainscope/runs')
    .option('--json', `everything, ${JSON_LINES}`, false)
    .option('--step <n>', 'only what was measured after so many steps')
    .addOption(new Option('--last', 'only what was measured last').conflicts('step').default(false))
    .option('--layer <label>', 'only this layer, e.g. "dense 1"')
    .option('--values', 'with --json: the values of weights, too', false)
    .addHelpText('after', EXIT_CODES)
    .action(async (run: string, options: InspectOptions) => {
      exitCode = await inspectVerb(run, options, output);
    });
  program
    .command('report')
    .description(
      'Write a run as one HTML file, which any browser opens: curves, layers, weights, config.',
    )
    .argument('<run>', 'its folder, or its name in .trainscope/runs')
    .option('--out <file>', 'the file to write (default: the name of the run, .html)')
    .option('--json', `where it was written, ${JSON_LINES}`, false)
    .addHelpText('after', EXIT_CODES)
    .action(async (run: string, options: ReportOptions) => {
      exitCode = await reportVerb(run, options, output);
    });
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help' && !json) return 2;
    if (error.code === 'commander.help')
      throw new UserError(
        'A verb is missing: train, lint, check, repair, sweep, ensemble, inspect or report.',
      );
    throw new UserError(`${error.message.replace(/^error: /, '')} (see trainscope --help)`);
  }
  return exitCode;
}

function append(value: string, before: string[]): string[] {
  return [...before, value];
}

/** The file of this name that stands beside this script, in its bundle or as source. */
function siblingFile(name: string): string {
  const script = realpathSync(process.argv[1] ?? '');
  return join(dirname(script), `${name}${extname(script)}`);
}
