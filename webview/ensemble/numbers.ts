import type { Disagreement, DisputedExample } from '../../core/ensemble/protocol.ts';
import { element } from '../dom.ts';
import { count, exact, short } from '../format.ts';
import { MOST_NAMED, nameOf, numberOf } from './names.ts';

/** Of the marks. Pixels. */
const WIDTH = 120;
const MARGIN = 4;

/** What a pixel stands for: the same in all examples, so that their spreads can be compared by eye. */
export interface Axis {
  /** Half of the widest example; NaN where there is nothing to draw, or more than one target. */
  reach: number;
}

export function axisOf({ examples }: Disagreement): Axis {
  const isOne = examples.every(({ label }) => Array.isArray(label) && label.length === 1);
  const reaches = examples.map((example) => {
    const [low, high] = endsOf(example);
    return (high - low) / 2;
  });
  return { reach: isOne ? Math.max(...reaches.filter(Number.isFinite)) : Number.NaN };
}

/** A line a member: where it lies between the others and the truth, and its number. */
export function numbersOf(
  example: DisputedExample,
  disagreement: Disagreement,
  axis: Axis,
): HTMLElement {
  const { said } = example;
  if (!said) return element('p', { class: 'note', text: `of ${count(disagreement.members)}` });
  const name = nameOf(disagreement);
  const place = placeOf(example, axis);
  const isNamed = said.length <= MOST_NAMED;
  const lines = isNamed
    ? said.map((numbers, i) => ({ who: `${name} ${numberOf(disagreement, i)}`, all: [numbers] }))
    : [{ who: `${count(said.length)} ${name === 'pass' ? 'passes' : 'members'}`, all: said }];
  return element(
    'table',
    { class: 'votes said' },
    element('caption', { class: 'visually-hidden', text: `what each ${name} says` }),
    element(
      'tbody',
      {},
      ...lines.map(({ who, all }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', text: who }),
          ...(place
            ? [
                element(
                  'td',
                  {},
                  marks(
                    all.map(([value]) => value!),
                    example,
                    place,
                  ),
                ),
              ]
            : []),
          element('td', {
            class: 'number',
            text: isNamed ? all[0]!.map(short).join(', ') : '',
            title: isNamed ? all[0]!.map(exact).join(', ') : '',
          }),
        ),
      ),
    ),
  );
}

type Place = (value: number) => number;

/** Its marks stand around the middle of what is said of it; null where they are none. */
function placeOf(example: DisputedExample, { reach }: Axis): Place | null {
  if (!(reach > 0)) return null;
  const [low, high] = endsOf(example);
  const middle = (low + high) / 2;
  const scale = (WIDTH / 2 - MARGIN) / reach;
  return Number.isFinite(middle) ? (value) => WIDTH / 2 + (value - middle) * scale : null;
}

function marks(values: number[], { label, answer }: DisputedExample, place: Place): HTMLElement {
  const strip = element('span', { class: 'strip', 'aria-hidden': 'true' });
  strip.style.width = `${WIDTH}px`;
  const add = (value: unknown, name: string) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return;
    const mark = element('span', { class: name });
    mark.style.transform = `translateX(${place(value)}px)`;
    strip.append(mark);
  };
  add(label[0], 'at-truth');
  add(answer?.[0], 'at-together');
  for (const value of values) add(value, 'at-member');
  return strip;
}

/** The least and the largest of what members say and the truth, of the first target. */
function endsOf({ said = [], label }: DisputedExample): [number, number] {
  const values = [...said.map(([value]) => value), label[0]].filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  return [Math.min(...values), Math.max(...values)];
}
