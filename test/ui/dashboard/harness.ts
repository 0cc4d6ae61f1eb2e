import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { ToEnsemble } from '../../../webview/ensemble/protocol.ts';
import type { FromView, ToExpression, ToView } from '../../../webview/protocol.ts';
import type { ToSweep } from '../../../webview/sweep/protocol.ts';
import type { SavedState } from '../../../webview/vscode.ts';
import { installChromium, launchChromium } from '../../browser.ts';
import { THEMES, type ThemeName } from './themes.ts';

const NONCE = 'dGhpcyBpcyBhIHRlc3Q';

/** What stands in the page before the bundle: the other side of the view, and two meters. */
const PRELUDE = `
  // each visit begins with nothing; a reload is none
  if (sessionStorage.getItem('visit') !== location.search) {
    sessionStorage.clear();
    sessionStorage.setItem('visit', location.search);
  }
  window.start = () =>
    window.setTheme(${JSON.stringify(THEMES)}[new URLSearchParams(location.search).get('theme')]);
  window.sent = [];
  window.violations = [];
  window.saved = JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;
  document.addEventListener('securitypolicyviolation', (event) => {
    window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample);
  });
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => {
      window.sent.push(message);
      window.hear?.(message);
    },
    getState: () => window.saved,
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  });
  // structured cloning brings typed arrays through in VS Code; here they come as marked arrays
  const revive = (value) =>
    Array.isArray(value) ? value.map(revive)
    : value && typeof value === 'object'
      ? value.typed ? window[value.typed].from(value.values)
      : Object.fromEntries(Object.entries(value).map(([k, v]) => [k, revive(v)]))
    : value;
  window.receive = (message) => window.postMessage(revive(message), '*');
  window.setTheme = ({ class: name, variables }) => {
    for (const [key, value] of Object.entries(variables)) {
      document.documentElement.style.setProperty('--vscode-' + key, value);
    }
    document.body.className = name;
  };
  // every redraw of a graph clears its canvas
  window.clears = 0;
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...args) {
    window.clears++;
    return clear.apply(this, args);
  };
`;

const flatten = (value: unknown): unknown => {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return { typed: value.constructor.name, values: Array.from(value as Float64Array) };
  if (Array.isArray(value)) return value.map(flatten);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, flatten(entry)]));
};

export interface Bundle {
  js: string;
  css: string;
}

type View = 'dashboard' | 'expression' | 'sweep' | 'ensemble';

/** The view as it is shipped. */
export async function bundle(view: View = 'dashboard'): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../../webview/${view}.ts`, import.meta.url))],
    outfile: 'dashboard.js',
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'chrome120',
    write: false,
    logLevel: 'error',
  });
  const text = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))!.text;
  return { js: text('.js'), css: text('.css') };
}

function html(origin: string): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${NONCE}'`,
    `style-src ${origin} 'nonce-${NONCE}'`,
    `img-src ${origin} data:`,
    `font-src ${origin}`,
  ].join('; ');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta property="csp-nonce" content="${NONCE}"><meta name="viewport" content="width=device-width">
    <link rel="stylesheet" href="/dashboard.css"><title>Dashboard</title></head>
    <body><script nonce="${NONCE}">window.start?.()</script>
    <script nonce="${NONCE}" src="/dashboard.js"></script></body></html>`;
}

/** The dashboard in a browser, with the test in the place of its host. */
export class Dashboard {
  readonly page: Page;
  readonly errors: string[] = [];
  /** Is told what the view says; null: nobody is. */
  listener: ((message: FromView) => void) | null = null;

  constructor(page: Page) {
    this.page = page;
  }

  async receive(message: ToView | ToExpression | ToSweep | ToEnsemble): Promise<void> {
    await this.tell(message);
    await this.settle();
  }

  /** Without waiting for what comes of it. */
  async tell(message: ToView | ToExpression | ToSweep | ToEnsemble): Promise<void> {
    await this.page.evaluate(`window.receive(${literal(flatten(message))})`);
  }

  /** Until what was asked to be drawn is drawn. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      'new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 120))',
    );
  }

  async theme(name: ThemeName): Promise<void> {
    await this.page.evaluate(`window.setTheme(${JSON.stringify(THEMES[name])})`);
    await this.settle();
  }

  sent(): Promise<FromView[]> {
    return this.page.evaluate('window.sent');
  }

  saved(): Promise<SavedState> {
    return this.page.evaluate("JSON.parse(sessionStorage.getItem('state'))");
  }

  violations(): Promise<string[]> {
    return this.page.evaluate('window.violations');
  }

  /** Graphs drawn since the page was loaded. */
  drawings(): Promise<number> {
    return this.page.evaluate('window.clears');
  }

  labels(panel: string): Promise<string[]> {
    return this.panel(panel).locator('.label').allTextContents();
  }

  panel(title: string) {
    return this.page.locator('figure', { has: this.page.getByRole('heading', { name: title }) });
  }

  number(name: string) {
    return this.page.locator(`[data-number="${name}"]`);
  }
}

/** JSON that also says NaN and the infinities. */
function literal(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, entry]) => `${JSON.stringify(key)}:${literal(entry)}`)
    .join()}}`;
}

export interface Harness {
  bundle: Bundle;
  /** The same page each time, loaded anew: a new one takes a second. What was opened before is gone. */
  open(options?: { theme?: ThemeName; width?: number; height?: number }): Promise<Dashboard>;
  close(): Promise<void>;
}

export async function startHarness(view: View = 'dashboard'): Promise<Harness> {
  const built = await bundle(view);
  const server = createServer(({ url }, response) => {
    const { port } = server.address() as AddressInfo;
    const [type, body] =
      url === '/dashboard.js'
        ? ['text/javascript', built.js]
        : url === '/dashboard.css'
          ? ['text/css', built.css]
          : ['text/html', html(`http://127.0.0.1:${port}`)];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const browser = await launchChromium(await installChromium());
  let page: Page | null = null;
  let shown: Dashboard;
  let visits = 0;
  const newPage = async () => {
    const made = await browser.newPage();
    made.on('pageerror', (error) => shown.errors.push(String(error)));
    made.on('console', (message) => {
      if (message.type() === 'error') shown.errors.push(message.text());
    });
    await made.exposeFunction('hear', (message: FromView) => shown.listener?.(message));
    await made.addInitScript(PRELUDE);
    return made;
  };
  return {
    bundle: built,
    async open({ theme = 'dark', width = 1180, height = 760 } = {}) {
      page ??= await newPage();
      await page.setViewportSize({ width, height });
      await page.mouse.move(0, 0);
      shown = new Dashboard(page);
      await page.goto(`http://127.0.0.1:${port}/?theme=${theme}&visit=${visits++}`);
      return shown;
    },
    async close() {
      await browser.close();
      await new Promise((done) => server.close(done));
    },
  };
}
