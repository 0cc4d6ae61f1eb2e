import { element, icon } from '../dom.ts';
import type { Exportable } from './exportable.ts';

/** Somebody wants to take something away. */
export interface ExportRequest {
  /** Null while there is nothing to take. */
  what: Exportable | null;
  /** Where the menu is to stand, in the page. Pixels. */
  x: number;
  y: number;
  /** Gets the focus back. */
  from: HTMLElement;
}

declare global {
  interface HTMLElementEventMap {
    export: CustomEvent<ExportRequest>;
  }
}

const DOTS =
  'M2 8a1.3 1.3 0 1 0 2.6 0A1.3 1.3 0 1 0 2 8zm4.7 0a1.3 1.3 0 1 0 2.6 0 1.3 1.3 0 1 0-2.6 0zm4.7 0a1.3 1.3 0 1 0 2.6 0 1.3 1.3 0 1 0-2.6 0z';

/**
 * The way to take away what `around` shows: a button, and the context menu anywhere on it. Both ask with
 * an event that the menu hears.
 */
export function exportButton(
  around: HTMLElement,
  label: string,
  offer: () => Exportable | null,
): HTMLButtonElement {
  const button = element(
    'button',
    { type: 'button', class: 'export', 'aria-label': `Export ${label}`, 'aria-haspopup': 'menu' },
    icon(DOTS),
  );
  button.title = 'Save or copy';
  const ask = (x: number, y: number, from: HTMLElement) => {
    const detail: ExportRequest = { what: offer(), x, y, from };
    button.dispatchEvent(new CustomEvent('export', { bubbles: true, detail }));
  };
  button.addEventListener('click', () => {
    const { left, bottom } = button.getBoundingClientRect();
    ask(left, bottom + 2, button);
  });
  around.addEventListener('contextmenu', (event) => {
    // An inner one has answered; and fields have a menu of their own.
    if (event.defaultPrevented || (event.target as Element).matches('input')) return;
    event.preventDefault();
    // The menu key, not the mouse.
    const box = (event.target as Element).getBoundingClientRect();
    const byKey = event.button !== 2;
    const from = event.target instanceof HTMLElement ? event.target : button;
    ask(byKey ? box.left : event.clientX, byKey ? box.bottom : event.clientY, from);
  });
  return button;
}
