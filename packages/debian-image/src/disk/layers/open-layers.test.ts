import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Descriptor, recall, Store } from '@nx-debian-image/artifact-store';
import { expect, it } from 'vitest';
import { directory, file, withFolder, writeTar } from '../testing/tar.ts';
import { openLayers } from './open-layers.ts';
import { indexTar } from './tar-index.ts';
import { mergeLayers } from './merge.ts';

const entries = [
  directory('./'),
  directory('./bin'),
  { ...file('./bin/a', Buffer.alloc(9000)), mode: 0o4755, pax: { 'SCHILY.xattr.user.k': 'v' } },
  { name: './bin/b', type: 'link' as const, linkname: './bin/a' },
];

async function stored(folder: string): Promise<{ store: Store; layer: Descriptor }> {
  const store = await Store.open(join(folder, 'store'));
  return { store, layer: await store.putFile(await writeTar(join(folder, 'a.tar'), entries)) };
}

const memo = 'tar-index-1';
const indexes = (store: Store): string => join(store.folder, 'memo', memo);

it('gives the same tree when it knows the index already as when it reads the layer', () =>
  withFolder(async (folder) => {
    const { store, layer } = await stored(folder);
    const read = mergeLayers([indexTar(store.blobPath(layer.digest))]);
    expect(await openLayers([layer], store)).toEqual(read);
    expect(await readdir(indexes(store))).toHaveLength(1);
    expect(await openLayers([layer], store)).toEqual(read);
  }));

it('reads the layer again where the index that was kept is damaged or gone', () =>
  withFolder(async (folder) => {
    const { store, layer } = await stored(folder);
    const tree = await openLayers([layer], store);
    const [name] = await readdir(indexes(store));
    const { digest, size } = (await recall(store, memo, name!))!;
    await chmod(store.blobPath(digest), 0o644);
    await writeFile(store.blobPath(digest), '['.padEnd(size));
    expect(await openLayers([layer], store)).toEqual(tree);
  }));
