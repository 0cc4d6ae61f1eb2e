import { markup } from './markup.ts';
import { curvesSection } from './sections/curves.ts';
import { dataSection } from './sections/data.ts';
import { findingsSection } from './sections/findings.ts';
import { layersSection } from './sections/layers.ts';
import { networkSection } from './sections/network.ts';
import { summarySection } from './sections/summary.ts';
import { weightsSection } from './sections/weights.ts';
import type { ReportSource } from './source.ts';
import { STYLE } from './style.ts';

/** Nothing is loaded from anywhere, and there is no script. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A run as one HTML file that any browser opens, without a server or a network. */
export async function reportOf(source: ReportSource): Promise<string> {
  const { name, config, startedAt } = source.history.started!;
  const date = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name} · Trainscope</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${name}</h1><p class="dim">${config} · ${date(startedAt)} UTC</p></header>
<main>
${summarySection(source)}
${findingsSection(source)}
${curvesSection(source)}
${await layersSection(source)}
${weightsSection(source)}
${dataSection(source)}
${networkSection(source)}
</main>
<footer class="dim">Written by Trainscope ${source.version} on ${date(source.writtenAt)} UTC</footer>
</body>
</html>
`.text;
}
