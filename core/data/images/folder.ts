import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config/index.ts';
import type { ConfigPath } from '../../events/finding.ts';
import { UserError } from '../../events/user-error.ts';
import { orderClasses } from '../classes.ts';
import { featureCount, type Source } from '../source.ts';
import { findSource, type ReadContext, refuseTooLarge, type SourceFile } from '../source-file.ts';
import { decodeImage, type Picture } from './decode.ts';
import { resize, toChannels } from './resample.ts';

export interface ImagesOptions {
  limit: number | undefined;
  /** The size that all images are brought to. */
  image: Config['data']['image'];
  /** The shape that all must have then; by default that of the first one. */
  shape: number[] | undefined;
  context: ReadContext;
}

/** An image and its class. */
interface Entry {
  /** As messages name it. */
  name: string;
  path: string;
  isLink: boolean;
  label: number;
}

/**
 * Reads a folder that has a folder of PNG and JPEG images for each class, which it names. Classes
 * take turns in the order of examples, so that the first ones (`limit`) are balanced. Throws
 * UserError, which names the file that is at fault.
 */
export async function readImages(file: SourceFile, options: ImagesOptions): Promise<Source> {
  const { image, context } = options;
  const folders = await classFolders(file, context);
  const names = folders.map(({ name }) => path.basename(name));
  const classes = orderClasses(new Int32Array(0), names);
  const lists = await Promise.all(
    classes.map((name, label) => imagesOf(folders[names.indexOf(name)]!, file.name, label)),
  );
  const entries = takeTurns(lists).slice(0, options.limit);
  const [first] = entries as [Entry];
  const example = await readPicture(first, file, image, context);
  const shape = options.shape ?? [example.height, example.width, example.channels];
  const features = featureCount(shape);
  refuseTooLarge(entries.length * features, file.name, file.key);
  const inputs = new Uint8Array(entries.length * features);
  const wanted = options.shape ? 'the training images are' : `"${first.name}" is`;
  for (const [i, entry] of entries.entries()) {
    if (i > 0 && context.shapesOnly) break;
    context.signal?.throwIfAborted();
    const picture = i === 0 ? example : await readPicture(entry, file, image, context);
    const colored = shape[2] === 3 ? toChannels(picture, 3) : picture;
    refuseOtherShape(entry, colored, shape, wanted, file.key);
    inputs.set(colored.pixels, i * features);
  }
  return {
    store: {
      count: entries.length,
      inputs,
      labels: Int32Array.from(entries, ({ label }) => label),
      targets: null,
    },
    shape,
    classes,
    columns: null,
  };
}

async function classFolders(file: SourceFile, context: ReadContext): Promise<SourceFile[]> {
  if (!file.isFolder) {
    throw new UserError(
      `"${file.name}" is a file; a folder with a folder of images for each class was expected.`,
      { path: file.key },
    );
  }
  const entries = (await readdir(file.path, { withFileTypes: true })).filter(isVisible);
  const candidates = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  const found = await Promise.all(
    candidates.map(({ name }) => findSource(path.join(file.name, name), file.key, context)),
  );
  const folders = found.filter(({ isFolder }) => isFolder);
  if (folders.length > 0) return folders;
  const what = entries.length === 0 ? 'is empty' : 'has no folders in it';
  throw new UserError(
    `The folder "${file.name}" ${what}; a folder of PNG or JPEG images for each class was expected.`,
    { path: file.key },
  );
}

/** Files such as .DS_Store are no data. */
function isVisible({ name }: Dirent): boolean {
  return !name.startsWith('.');
}

async function imagesOf(folder: SourceFile, source: string, label: number): Promise<Entry[]> {
  const found = await readdir(folder.path, { withFileTypes: true });
  const files = found.filter(isVisible).filter((entry) => !entry.isDirectory());
  const foreign = files.find(({ name }) => /\.(gif|bmp|webp|tiff?|avif|heic)$/i.test(name));
  if (foreign) {
    throw new UserError(
      `"${path.join(folder.name, foreign.name)}" is neither a PNG nor a JPEG; convert it, or remove it.`,
      { path: folder.key },
    );
  }
  const images = files.filter(({ name }) => /\.(png|jpe?g)$/i.test(name));
  if (images.length === 0) {
    throw new UserError(
      `The folder "${folder.name}" holds no PNG or JPEG images, but is a class of "${source}". Add some, or remove it.`,
      { path: folder.key },
    );
  }
  return images
    .map((entry) => ({
      name: path.join(folder.name, entry.name),
      path: path.join(folder.path, entry.name),
      isLink: entry.isSymbolicLink(),
      label,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The first of each list, then the second of each, and so on. */
function takeTurns<T>(lists: T[][]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) =>
    lists.flatMap((list) => list.slice(i, i + 1)),
  ).flat();
}

async function readPicture(
  entry: Entry,
  file: SourceFile,
  image: ImagesOptions['image'],
  context: ReadContext,
): Promise<Picture> {
  const place = entry.isLink ? (await findSource(entry.name, file.key, context)).path : entry.path;
  try {
    const picture = decodeImage(await readFile(place, { signal: context.signal }));
    if (!image) return picture;
    return resize(toChannels(picture, image.channels), image.height, image.width);
  } catch (error) {
    if (context.signal?.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `"${entry.name}" cannot be read as an image: ${reason.replace(/\.$/, '')}.`,
      { path: file.key },
    );
  }
}

function refuseOtherShape(
  { name }: Entry,
  { height, width, channels }: Picture,
  shape: number[],
  wanted: string,
  key: ConfigPath,
): void {
  if ([height, width, channels].join() === shape.join()) return;
  throw new UserError(
    `"${name}" is ${height}×${width}×${channels} (height, width, channels), but ${wanted} ${shape.join('×')}. Add \`image: { height, width, channels }\` to bring all to one size.`,
    { path: key },
  );
}
