import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Config, isGeneratorSource } from '../../../core/config/index.ts';
import { type LoadContext, loadDataset } from '../../../core/data/load.ts';
import { UserError } from '../../../core/events/user-error.ts';

/** A folder for the files of one test file, with a space and a non-ASCII letter in its name. */
export function temporaryFolder() {
  const folder = { path: '' };
  beforeAll(() => {
    folder.path = mkdtempSync(path.join(tmpdir(), 'data ä '));
  });
  afterAll(() => rmSync(folder.path, { recursive: true }));
  const context = (rest: Partial<LoadContext> = {}): LoadContext => ({
    folder: folder.path,
    seed: 1,
    readableRoots: null,
    ...rest,
  });
  return {
    path: (name: string) => path.join(folder.path, name),
    write(name: string, content: string | Uint8Array): string {
      writeFileSync(path.join(folder.path, name), content);
      return name;
    },
    load: (data: Partial<DataConfig>, rest?: Partial<LoadContext>) =>
      loadDataset(dataConfig(data), context(rest)),
    /** The UserError that loading ends with. */
    async refusal(data: Partial<DataConfig>, rest?: Partial<LoadContext>): Promise<UserError> {
      try {
        await loadDataset(dataConfig(data), context(rest));
      } catch (error) {
        if (error instanceof UserError) return error;
        throw error;
      }
      throw new Error('It was loaded.');
    },
  };
}

type DataConfig = Config['data'];

/**
 * By default a file validates itself, so that the training part is all of it.
 */
export function dataConfig(data: Partial<DataConfig>): DataConfig {
  const source = data.source ?? 'spiral';
  return {
    source,
    task: 'classification',
    preprocess: [],
    bootstrap: false,
    augment: [],
    examples: 1000,
    validation: isGeneratorSource(source) ? 0.2 : source,
    validationLabels: data.labels,
    ...data,
  };
}
