/** Lines that this kind of VS Code prints on every start and that mean nothing for us. */
const NOISE = [
  /spdlog|native-watchdog|vsda|@vscode\/sqlite3|kerberos|deviceid|windows-registry/,
  /favicon\.ico|manifest\.json|service-?worker/i,
  /Failed to load resource/,
  /marketplace|extension gallery|gallery service|open-vsx|ERR_(NAME|INTERNET|CONNECTION|BLOCKED)/i,
  /punycode|DeprecationWarning|ExperimentalWarning/,
  /NLS|localization bundle|languagePack/i,
  /telemetry|updateService|experimentation/i,
  /copilot|chat|agent ?host|mcp|language model/i,
  /authentication provider '\w+'/,
  /\d+ host tests failed/,
  /An iframe which has both allow-scripts and allow-same-origin/,
  // A panel that is closed before its page has come.
  /OverlayWebview has been disposed/,
  /Ignoring the error while validating workspace folder/,
  /^%c|^\s*$/,
];

export function isNoise(line: string): boolean {
  return NOISE.some((pattern) => pattern.test(line));
}
