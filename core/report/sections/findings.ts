import { details, missing } from '../figure.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportSource } from '../source.ts';

/** What was found wrong, at which key of the config, with what it rests on. */
export function findingsSection({ history }: ReportSource): Markup {
  const { findings } = history;
  const list = findings.map(({ rule, severity, path, step, message, evidence, fixes }) => {
    const place = [path.join('.') || 'the config', step === undefined ? '' : `step ${step}`];
    const rests = Object.entries(evidence).map(
      ([name, value]) => markup`<dt>${name}</dt><dd>${JSON.stringify(value)}</dd>`,
    );
    const mends = fixes.map(({ title }) => markup`<li>${title}</li>`);
    return markup`<li class="${severity}"><b>${severity}</b> <code>${rule}</code> <span class="dim">${place.filter(Boolean).join(' · ')}</span>
<p>${message}</p>${mends.length > 0 ? markup`<p>What mends it:</p><ul>${mends}</ul>` : null}
${rests.length > 0 ? details('Evidence', markup`<dl>${rests}</dl>`) : null}</li>\n`;
  });
  const content =
    list.length > 0
      ? markup`<ul class="findings">${list}</ul>`
      : missing(
          isJudged(history)
            ? 'Nothing was found wrong with this run.'
            : 'This run was not judged: its log does not tell with which config it was trained.',
        );
  return markup`<section><h2>Findings</h2>${content}</section>`;
}

/** The rules need the config; a run of before they were there, or made elsewhere, has none in its log. */
const isJudged = ({ started }: ReportSource['history']) => started?.configText !== undefined;
