import type { ConfigPath, Edit, Json } from '../events/finding.ts';
import type { Trace } from './trace.ts';

/** Puts a layer behind each of these; the others stay as they are written. */
export function insertBehind(
  trace: Pick<Trace, 'written'>,
  paths: readonly ConfigPath[],
  layer: Json,
): Edit[] {
  const lists = new Map<string, { path: ConfigPath; behind: Set<number> }>();
  for (const path of paths) {
    const list = path.slice(0, -1);
    const key = JSON.stringify(list);
    if (!lists.has(key)) lists.set(key, { path: list, behind: new Set() });
    lists.get(key)!.behind.add(Number(path.at(-1)));
  }
  return [...lists.values()].flatMap(({ path, behind }) => {
    const items = trace.written(path);
    if (!Array.isArray(items)) return [];
    const value = items.flatMap((item, i) => (behind.has(i) ? [item, layer] : [item]));
    return [{ path, value: structuredClone(value) }];
  });
}

/** Takes a layer away. */
export function removeLayer(path: ConfigPath): Edit {
  return { path, value: undefined };
}
