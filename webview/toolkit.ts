import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
} from '@vscode/webview-ui-toolkit';

/** The only file that knows the toolkit; everything else speaks of its custom elements. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());
}

/** `<vscode-checkbox>`, as far as the view uses it. It emits `change` on script's changes too. */
export interface CheckboxElement extends HTMLElement {
  checked: boolean;
}

export function createCheckbox(label: string): CheckboxElement {
  const box = document.createElement('vscode-checkbox') as CheckboxElement;
  box.setAttribute('aria-label', label);
  return box;
}

/** `<vscode-button appearance="icon">`, as far as the view uses it. */
export interface ButtonElement extends HTMLElement {
  disabled: boolean;
}

export function createIconButton(label: string, icon: Element): ButtonElement {
  const button = document.createElement('vscode-button') as ButtonElement;
  button.setAttribute('appearance', 'icon');
  button.setAttribute('aria-label', label);
  button.title = label;
  button.append(icon);
  return button;
}

/** A button with words on it; the secondary one steps back. */
export function createButton(text: string, secondary = false): ButtonElement {
  const button = document.createElement('vscode-button') as ButtonElement;
  button.setAttribute('appearance', secondary ? 'secondary' : 'primary');
  button.textContent = text;
  return button;
}
