import { parseConfig } from '../config/index.ts';
import type { Finding } from '../events/finding.ts';
import { UserError } from '../events/user-error.ts';
import { formatShape } from '../network/shapes.ts';
import { prepare } from '../session/prepare.ts';
import { staticFindings } from '../session/static-findings.ts';
import { findingsOfRanges } from '../sweep/findings/index.ts';
import { readConfigSource } from './config-source.ts';
import { findingJson, findingLine } from './finding-lines.ts';
import { formatCount } from './format.ts';
import type { Output } from './output.ts';
import { painter } from './paint.ts';
import type { VerbOptions } from './train.ts';

/**
 * Tells every problem of a config, its data and its shapes, and what the rules find in them, without
 * training or writing anything. Returns the exit code: 1 for a finding that is an error.
 */
export async function lintVerb(
  config: string,
  options: VerbOptions,
  output: Output,
): Promise<number> {
  const source = await readConfigSource(config, options.set);
  const { problems } = parseConfig(source.text, source.file);
  for (const { message, path, range, rule } of problems) {
    const place = { path, rule, line: range.start.line + 1, column: range.start.character + 1 };
    output.error(source.blame(new UserError(message, place)));
  }
  if (problems.length > 0) return 2;
  try {
    const { file, text } = source;
    const prepared = await prepare({ configFile: file, configText: text, readableRoots: null });
    const findings = [
      ...staticFindings(prepared, { configFile: file, configText: text }),
      ...findingsOfRanges(text, file),
    ];
    const paint = painter(output.screen);
    for (const finding of findings) {
      const line = options.json
        ? findingJson(finding, source)
        : findingLine(finding, source, paint);
      output.screen.write(`${line}\n`);
    }
    const { inputShape, layers, parameterCount } = prepared.plan.summary;
    if (!options.json) {
      const outputShape = layers.at(-1)?.outputShape ?? inputShape;
      output.screen.write(
        `${source.name}: ${tally(findings)}. ${formatShape(inputShape)} → ${formatShape(outputShape)}, ${formatCount(parameterCount)} parameters\n`,
      );
    }
    return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  } catch (error) {
    throw error instanceof UserError ? source.blame(error) : error;
  }
}

/** "1 error, 2 warnings". */
function tally(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'info'] as const).map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    const noun = severity === 'info' ? 'hint' : severity;
    return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;
  });
  return counts.filter((text) => text !== '').join(', ') || 'no problems';
}
