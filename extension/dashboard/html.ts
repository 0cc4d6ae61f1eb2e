import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The name of its bundle. */
export type Page = 'dashboard' | 'expression' | 'sweep' | 'ensemble';

/** Puts the page of a view into a panel. */
export function openPage(panel: vscode.WebviewPanel, dist: vscode.Uri, page: Page): void {
  panel.iconPath = vscode.Uri.joinPath(dist, '..', 'extension', 'media', 'dashboard.svg');
  panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
  panel.webview.html = viewHtml(panel.webview, dist, page);
}

/**
 * The page of a view. Its policy allows our script and style sheet and nothing else; the nonce is
 * also announced in a `csp-nonce` tag, for the one style element that the toolkit adds.
 */
function viewHtml(webview: vscode.Webview, dist: vscode.Uri, page: Page): string {
  const nonce = randomBytes(18).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(dist, `${page}.js`));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(dist, `${page}.css`));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Trainscope</title>
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
