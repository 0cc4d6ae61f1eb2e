import { Saliency } from './saliency.ts';
import type { SectionKind } from './section.ts';

/** What the tab can show, in the order of its choices. */
export const SECTIONS: readonly SectionKind[] = [
  {
    id: 'saliency',
    title: 'Saliency',
    question: 'What in the input decides?',
    needs: 'saliency',
    create: (tools) => new Saliency(tools),
  },
];
