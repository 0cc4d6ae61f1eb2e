import { join } from 'node:path';
import { packageExtension } from './package.ts';
import {
  installVsCode,
  installVsix,
  randomToken,
  startVsCode,
  type VsCodeServer,
} from './vscode-server.ts';

export interface Served extends VsCodeServer {
  /** The page with the workspace and the file open; it carries the connection token. */
  url: string;
}

/**
 * Serves a real VS Code on loopback, with the packaged extension installed as a user would install
 * it. The bundles must have been built. `stateFolder` keeps profile and extensions; `file` is
 * opened, relative to the workspace; `port` is the first one tried.
 */
export async function serve(options: {
  stateFolder: string;
  workspace: string;
  file: string;
  port: number;
}): Promise<Served> {
  const root = await installVsCode();
  const extensionsFolder = join(options.stateFolder, 'extensions');
  await installVsix(root, packageExtension().file, extensionsFolder);
  const server = await startVsCode(root, {
    dataFolder: join(options.stateFolder, 'data'),
    extensionsFolder,
    port: options.port,
    token: randomToken(),
    drivable: false,
  });
  const file = server.remoteUri(join(options.workspace, options.file));
  return { ...server, url: server.page(options.workspace, [['openFile', file]]) };
}
