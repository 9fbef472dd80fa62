import { type Descriptor, recall, remember, type Store } from '@nx-debian-image/artifact-store';
import { mergeLayers, type Tree } from './merge.ts';
import { indexTar, type TarEntry, type TarIndex } from './tar-index.ts';

/** Part of the memo's name: another number wherever the index of the same layer would come out otherwise. */
const memo = 'tar-index-1';

/** An entry as it is kept: in the order of `TarEntry`, without the names. */
type KeptEntry = [
  path: string,
  type: TarEntry['type'],
  size: number,
  target: string,
  records: [string, string][],
  start: number,
  header: number,
  data: number,
  end: number,
  blocks: number,
  runs: number,
];

/** Layers of the store, the lowest first, laid upon one another. Failures: those of `indexTar` and `mergeLayers`. */
export async function openLayers(layers: readonly Descriptor[], store: Store): Promise<Tree> {
  return mergeLayers(await Promise.all(layers.map((layer) => indexLayer(layer, store))));
}

/** The index of a layer. To find it all bytes must be read, so it is kept in the store and found there the next time. */
async function indexLayer({ digest }: Descriptor, store: Store): Promise<TarIndex> {
  const file = store.blobPath(digest);
  const key = digest.replace(':', '-');
  const known = await recall(store, memo, key);
  const kept = known && parseKept(await store.read(known.digest));
  if (kept) return { file, entries: kept.map(unpack) };
  const index = indexTar(file);
  await remember(store, memo, key, await store.putBytes(JSON.stringify(index.entries.map(pack)), 'application/json'));
  return index;
}

/** Undefined where it is not whole: it is made again then. */
function parseKept(bytes: Buffer): KeptEntry[] | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as KeptEntry[];
  } catch {
    return undefined;
  }
}

function pack({ path, type, size, target, records, start, header, data, end, zeros }: TarEntry): KeptEntry {
  return [path, type, size, target, [...records], start, header, data, end, zeros.blocks, zeros.runs];
}

function unpack([path, type, size, target, records, start, header, data, end, blocks, runs]: KeptEntry): TarEntry {
  return { path, type, size, target, records: new Map(records), start, header, data, end, zeros: { blocks, runs } };
}
