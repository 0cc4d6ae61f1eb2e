import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { applyEdits, type ParsedConfig, parseConfig, replaceAll } from '../config/index.ts';
import type { ConfigPath, Edit, Json } from '../events/finding.ts';
import { type Place, UserError } from '../events/user-error.ts';
import { placeOf } from '../session/prepare.ts';

/** No config is larger; data files are given by mistake. */
const LARGEST_CONFIG_BYTES = 2 ** 20;

/** A config file as the command line names it, with its overrides. */
export interface ConfigSource {
  /** As it was given: messages name it so. */
  name: string;
  /** Absolute. */
  file: string;
  /** With the overrides applied. */
  text: string;
  /** An error about the config, told at its place in the file, or at the override to blame. */
  blame(error: UserError): UserError;
  /** Where a key stands in the file on disk. */
  locate(path: ConfigPath): Required<Pick<Place, 'file' | 'line' | 'column'>>;
}

/** Throws UserError if the file cannot be read or an override cannot be applied. */
export async function readConfigSource(name: string, overrides: string[]): Promise<ConfigSource> {
  const file = resolve(name);
  const original = await readText(file, name);
  const edits = overrides.map(parseOverride);
  let text = original;
  if (edits.length > 0) {
    // A file that cannot be read as a map at all cannot be edited either.
    const broken = parseConfig(original, file).problems.find(({ path }) => path.length === 0);
    if (broken) throw new UserError(broken.message, lineOf(name, broken.range.start));
    for (const { edit, written } of edits) {
      try {
        text = replaceAll(text, applyEdits(text, file, [edit]));
      } catch (error) {
        throw new UserError(`--set ${written}: ${(error as Error).message}`, { file: name });
      }
    }
  }
  let parsed: ParsedConfig | null = null;
  return {
    name,
    file,
    text,
    locate(path) {
      parsed ??= parseConfig(original, file);
      const { line, column } = lineOf(name, parsed.underline(path).start);
      return { file: name, line, column };
    },
    blame({ message, place }) {
      if (place.file !== undefined && place.file !== file) return new UserError(message, place);
      const path = place.path ?? [];
      const override = edits.findLast(({ edit }) => isWithin(path, edit.path));
      if (override) {
        return new UserError(`--set ${override.written}: ${message}`, { file: name, path });
      }
      if (edits.length === 0) return new UserError(message, { ...place, file: name, path });
      // Overrides may have moved lines: the place is told in the file as it stands on disk.
      return new UserError(message, placeOf(parseConfig(original, file), name, path));
    },
  };
}

async function readText(file: string, name: string): Promise<string> {
  try {
    const info = await stat(file);
    if (info.isDirectory()) {
      throw new UserError(
        'This is a folder; a config file such as digits.train.yaml was expected.',
        { file: name },
      );
    }
    if (info.size > LARGEST_CONFIG_BYTES) {
      throw new UserError(
        `This file has ${info.size.toLocaleString('en-US')} bytes, too many for a config; a file such as digits.train.yaml was expected.`,
        { file: name },
      );
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    throw explain(error, name);
  }
}

function explain(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserError('There is no such file.', { file: name });
    case 'EACCES':
    case 'EPERM':
      return new UserError('This file may not be read: permission denied.', { file: name });
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return new UserError('This file is no UTF-8 text; save it with that encoding.', {
        file: name,
      });
    default:
      return new UserError(`This file cannot be read: ${error.message}.`, { file: name });
  }
}

/** `optimizer.learningRate=1e-2`: keys and indices joined by dots; the value is YAML. */
function parseOverride(written: string): { edit: Edit; written: string } {
  const equals = written.indexOf('=');
  const keys = written.slice(0, Math.max(0, equals)).split('.');
  if (equals < 1 || keys.some((key) => key.trim() === '')) {
    throw new UserError(
      `--set ${written}: expected path=value, for example --set optimizer.learningRate=0.01.`,
    );
  }
  const path = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key.trim()));
  try {
    const value = parse(written.slice(equals + 1)) as Json;
    return { edit: { path, value }, written };
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new UserError(`--set ${written}: the value is no valid YAML. ${reason}`);
  }
}

function isWithin(path: ConfigPath, outer: ConfigPath): boolean {
  return outer.every((key, i) => String(key) === String(path[i]));
}

function lineOf(file: string, start: { line: number; character: number }) {
  return { file, path: [], line: start.line + 1, column: start.character + 1 };
}
