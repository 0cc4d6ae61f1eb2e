import * as vscode from 'vscode';
import { Throttle } from './throttle.ts';

/** The bar moves at most 4 times a second. */
const INTERVAL = 250;

export interface Followed<T> {
  title: string;
  /** What is followed, and who tells of its news. */
  of: T;
  changed: vscode.Event<T | null>;
  look(): { share: number; message: string };
  done: Promise<unknown>;
  cancel(): void;
}

/** What was started from the palette may have no editor in sight: a bar with numbers, and Cancel. */
export async function showProgress<T>({
  title,
  of,
  changed,
  look,
  done,
  cancel,
}: Followed<T>): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (progress, token) => {
      let shown = 0;
      const report = new Throttle(INTERVAL, () => {
        const { share, message } = look();
        progress.report({ message, increment: Math.max(0, 100 * share - shown) });
        shown = Math.max(shown, 100 * share);
      });
      const subscriptions = [
        report,
        token.onCancellationRequested(cancel),
        changed((one) => {
          if (one === of) report.request();
        }),
      ];
      await Promise.allSettled([done]);
      for (const subscription of subscriptions) subscription.dispose();
    },
  );
}
