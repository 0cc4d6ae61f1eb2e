import { css } from '../color.ts';
import { element, setText } from '../dom.ts';
import { quality } from '../format.ts';
import { sized } from '../layers/canvas.ts';
import type { Theme } from '../theme.ts';
import { rankColors } from './colors.ts';
import type { SweepModel } from './model.ts';

/** What the colors and marks of trials mean: a bar from the worst to the best, with the median. */
export class RankScale {
  readonly element: HTMLElement;
  readonly #name = element('span');
  readonly #worst = element('span');
  readonly #canvas = element('canvas', { 'aria-hidden': 'true' });
  readonly #best = element('span');
  readonly #marks = element('span', { class: 'marks' });

  constructor() {
    this.element = element(
      'p',
      { class: 'scale-bar note' },
      this.#name,
      this.#worst,
      this.#canvas,
      this.#best,
      this.#marks,
    );
  }

  draw({ facts, ranked, trials }: SweepModel, theme: Theme): void {
    const known = ranked.filter(({ score }) => !Number.isNaN(score));
    this.element.hidden = known.length < 2;
    if (known.length < 2) return;
    const median = known[known.length >> 1]!.score;
    setText(this.#name, `${facts!.quality} by rank`);
    setText(this.#worst, quality(known.at(-1)!.score));
    setText(this.#best, `${quality(known[0]!.score)} (median ${quality(median)})`);
    const has = (wanted: string) => trials.some(({ phase }) => phase === wanted);
    const marks = [has('stopped') ? '○ stopped' : '', has('failed') ? '✕ failed' : ''];
    setText(this.#marks, marks.filter(Boolean).join('   '));
    const place = sized(this.#canvas);
    if (!place) return;
    const colors = rankColors(theme);
    const wide = place.width / colors.length;
    for (const [i, color] of colors.entries()) {
      place.context.fillStyle = css(color);
      place.context.fillRect(i * wide, 0, wide + 0.5, place.height);
    }
  }
}
