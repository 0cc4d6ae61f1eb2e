import { Markup } from './markup.ts';

/** The look of the dashboard, on screens light and dark, and on paper. */
export const STYLE = new Markup(`
:root {
  --background: #fff; --foreground: #1f2328; --dim: #59636e; --grid: #e4e7ea;
  --train: #1668c7; --validation: #b8560b; --gap: #fdf0e4; --good: #2e7d32; --error: #c62828;
  --first: #8e6bbf; --last: #3c2363;
}
@media (prefers-color-scheme: dark) {
  :root {
    --background: #1f1f1f; --foreground: #ccc; --dim: #9d9d9d; --grid: #333;
    --train: #59a4f9; --validation: #e2934a; --gap: #3b2d20; --good: #89d185; --error: #f48771;
    --first: #b180d7; --last: #e3d2f0;
  }
}
@media print {
  :root {
    --background: #fff; --foreground: #000; --dim: #444; --grid: #ddd;
    --train: #1668c7; --validation: #b8560b; --gap: #fdf0e4; --good: #2e7d32; --error: #c62828;
    --first: #8e6bbf; --last: #3c2363;
  }
  figure, tr { break-inside: avoid; }
}
body {
  margin: 0 auto; padding: 24px 20px 48px; max-width: 820px;
  background: var(--background); color: var(--foreground);
  font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums;
}
h1, h2, h3, p { margin: 0; }
h1 { font-size: 22px; }
h2 { margin: 36px 0 10px; padding-bottom: 4px; border-bottom: 1px solid var(--grid); font-size: 16px; }
h3 { display: inline; font-size: 14px; }
.told { margin: 0 0 12px; }
.told b::first-letter { text-transform: uppercase; }
.told b { display: inline-block; }
.dim, .missing, dt, th { color: var(--dim); font-weight: 400; }
figure { margin: 0 0 22px; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; }
svg, img { max-width: 100%; height: auto; }
figure > svg { width: 100%; }
.notice { margin: 14px 0 0; padding: 6px 10px; border-left: 3px solid var(--error); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 8px 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.summary dl { grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); grid-auto-flow: row; gap: 10px 18px; }
.summary dt { grid-column: auto; }
summary { color: var(--dim); cursor: pointer; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 12px; }
th, td { padding: 2px 14px 2px 0; text-align: right; vertical-align: middle; white-space: nowrap; }
th:first-child { color: inherit; text-align: left; }
thead th { border-bottom: 1px solid var(--grid); }
.layers { margin-top: 8px; }
.layers :is(td, th) { border-bottom: 1px solid var(--grid); }
.layers svg { display: block; }
.layers thead th:nth-child(-n + 3) { text-align: left; }
.ends { display: flex; justify-content: space-between; width: 142px; font-size: 11px; }
.filters { display: block; margin: 8px 0; image-rendering: pixelated; }
.findings { padding: 0; list-style: none; }
.findings > li { margin: 0 0 12px; padding-left: 10px; border-left: 3px solid var(--dim); }
.findings > .error { border-color: var(--error); }
.findings > .warning { border-color: var(--validation); }
pre { padding: 12px; overflow-x: auto; border: 1px solid var(--grid); font-size: 12px; }
footer { margin-top: 36px; }
`);
