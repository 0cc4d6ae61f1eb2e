import * as vscode from 'vscode';

/** Shows a folder in the system's file manager, or in the explorer where that is another machine's. */
export async function reveal(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  await vscode.commands.executeCommand(
    vscode.env.remoteName ? 'revealInExplorer' : 'revealFileInOS',
    uri,
  );
}
