import { ClassImages } from './class-images.ts';
import { ConfusionMatrix } from './confusion.ts';
import { Embedding } from './embedding.ts';
import { Fool } from './fool.ts';
import { FeatureMaps } from './maps.ts';
import { Saliency } from './saliency.ts';
import type { SectionKind } from './section.ts';

/** What the tab can show, in the order of its choices. */
export const SECTIONS: readonly SectionKind[] = [
  {
    id: 'maps',
    title: 'Feature maps',
    question: 'What does each layer make of the example?',
    needs: 'featureMaps',
    create: (tools, theme) => new FeatureMaps(tools, theme),
  },
  {
    id: 'saliency',
    title: 'Saliency',
    question: 'What in the input decides?',
    needs: 'saliency',
    create: (tools, theme) => new Saliency(tools, theme),
  },
  {
    id: 'fool',
    title: 'Fool it',
    question: 'How small a change fools the network?',
    needs: 'fool',
    create: (tools, theme) => new Fool(tools, theme),
  },
  {
    id: 'classImages',
    title: 'Class images',
    question: 'What does a class look like to the network?',
    needs: 'classImage',
    create: (tools, theme) => new ClassImages(tools, theme),
  },
  {
    id: 'embedding',
    title: 'Embedding',
    question: 'Which examples look alike to the network?',
    needs: 'embedding',
    create: (tools, theme) => new Embedding(tools, theme),
  },
  {
    id: 'confusion',
    title: 'Confusion matrix',
    question: 'Which classes does the network confuse?',
    needs: 'confusion',
    create: (tools, theme) => new ConfusionMatrix(tools, theme),
  },
];
