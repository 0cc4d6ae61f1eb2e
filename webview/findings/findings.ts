import { element } from '../dom.ts';
import { count } from '../format.ts';
import type { HeaderFinding } from '../protocol.ts';
import { createButton } from '../toolkit.ts';

export interface FindingActions {
  /** Its key in the config, or the page about its rule. */
  open(finding: HeaderFinding): void;
  explain(finding: HeaderFinding): void;
  /** One of its fixes, also proved by training. */
  fix(finding: HeaderFinding, fix: number, verify: boolean): void;
  /** Where on the curves it was found; null: there are no steps. */
  show: ((step: number) => void) | null;
  /** Whether one training can prove a fix. */
  verifies: boolean;
}

const SEVERITIES = { error: 'Error', warning: 'Warning', info: 'Worth knowing' };

/** What is wrong with a run or a sweep: what was seen, the key that is to blame, and what mends it. */
export class Findings {
  readonly element = element('section', { class: 'findings', 'aria-label': 'Findings' });
  readonly #actions: FindingActions;
  #drawn = '';

  constructor(actions: FindingActions) {
    this.#actions = actions;
  }

  /** `none` is said where there are none. */
  draw(of: string, findings: readonly HeaderFinding[], none: string): void {
    // Drawn anew it would take the focus from its buttons.
    const state = JSON.stringify([of, findings, none]);
    if (state === this.#drawn) return;
    this.#drawn = state;
    if (findings.length > 0) {
      const items = findings.map((finding) => this.#item(finding));
      this.element.replaceChildren(element('ul', {}, ...items));
      return;
    }
    this.element.replaceChildren(element('p', { class: 'dim', text: none }));
  }

  #item(finding: HeaderFinding): HTMLElement {
    const { severity, title, path, step, message, fixes, rule } = finding;
    const { open, explain, show, fix, verifies } = this.#actions;
    const link = (text: string, tip: string, act: () => void) => {
      const button = element('button', { type: 'button', class: 'choice', text, title: tip });
      button.addEventListener('click', act);
      return button;
    };
    const places = [
      link(path.join('.') || 'the config', 'Open the config at this key', () => open(finding)),
    ];
    if (step && show)
      places.push(link(`step ${count(step)}`, 'Show on the curves', () => show(step)));
    places.push(link(rule, 'Why this matters', () => explain(finding)));
    const buttons = fixes.flatMap((name, i) => {
      const apply = createButton(name, i > 0);
      apply.addEventListener('click', () => fix(finding, i, false));
      if (!verifies) return [element('span', { class: 'fix' }, apply)];
      const verify = createButton('and verify', true);
      verify.title = `${name}, then train in the background and compare`;
      verify.setAttribute('aria-label', `${name}, and verify by training`);
      verify.addEventListener('click', () => fix(finding, i, true));
      return [element('span', { class: 'fix' }, apply, verify)];
    });
    return element(
      'li',
      { class: severity },
      element('h2', {}, element('span', { class: 'severity', text: SEVERITIES[severity] }), title),
      element('p', { class: 'message', text: message }),
      element('p', { class: 'places' }, ...places),
      element('p', { class: 'fixes' }, ...buttons),
    );
  }
}

/** What is said of a run without findings. */
export function noneFound(live: boolean, isJudged: boolean, hasSteps: boolean): string {
  if (live) return 'Nothing was found wrong with this run so far.';
  if (!isJudged)
    return 'This run was not judged: its log does not tell with which config it was trained.';
  return hasSteps
    ? 'Nothing was found wrong with this run.'
    : 'Nothing was found wrong with its config. The run itself could not be judged: it ended before its first step.';
}
