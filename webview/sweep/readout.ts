import { element } from '../dom.ts';
import { brief, count, quality } from '../format.ts';
import { keyName, valueText } from './keys.ts';
import { type SweepModel, type Trial, trialName } from './model.ts';
import type { SweepFacts } from './protocol.ts';

/** What a trial came to, and with which values: a line each. */
export function trialLines(trial: Trial, facts: SweepFacts): [name: string, value: string][] {
  const { score, loss, epoch, epochs, stage, phase, repeats } = trial;
  return [
    [facts.quality, Number.isNaN(score) ? '–' : quality(score)],
    ...facts.keys.map((key, k): [string, string] => [
      keyName(key.key, facts.keys),
      valueText(key, trial.values[k]!),
    ]),
    ['loss', Number.isNaN(loss) ? '–' : brief(loss)],
    ['epochs', `${count(epoch)} / ${count(epochs)}`],
    Number.isNaN(repeats)
      ? ['stage', String(stage)]
      : ['repeats', `trial ${repeats}, on another seed`],
    ...(phase === 'completed' ? [] : [['state', phase] as [string, string]]),
  ];
}

/** The same in a sentence. */
export function trialWords(trial: Trial, facts: SweepFacts): string {
  const lines = trialLines(trial, facts).map(([name, value]) => `${name} ${value}`);
  return `${trialName(trial)}: ${[...lines, trial.message].filter(Boolean).join(', ')}`;
}

/** Numbers beside what is pointed at. */
export class Readout {
  readonly element = element('div', { class: 'readout', hidden: '' });

  /** Null hides it. `x` and `y` are those of what is pointed at, in the parent. Pixels. */
  show(trial: Trial | null, { facts }: SweepModel, x = 0, y = 0): void {
    this.element.hidden = !trial || !facts;
    if (!trial || !facts) return;
    const rows = trialLines(trial, facts).map(([name, value]) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', text: name }),
        element('td', { class: 'value', text: value }),
      ),
    );
    const message = trial.message ? [element('small', { text: trial.message })] : [];
    this.element.replaceChildren(
      element('b', { text: trialName(trial) }),
      element('table', {}, ...rows),
      ...message,
    );
    const parent = this.element.parentElement!;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const right = x + 14 + width <= parent.clientWidth;
    const left = right ? x + 14 : Math.max(0, x - 14 - width);
    const top = Math.max(0, Math.min(y - 12, parent.clientHeight - height));
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
