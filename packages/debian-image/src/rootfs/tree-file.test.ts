import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Descriptor, Store } from '@nx-debian-image/artifact-store';
import { expect, it } from 'vitest';
import { directory, file, withFolder, writeTar } from '../disk/testing/tar.ts';
import { readTreeFile } from './tree-file.ts';

it('reads a file of a tree from the highest layer that has it', () =>
  withFolder(async (folder) => {
    const store = await Store.open(join(folder, 'store'));
    const layer = async (name: string, entries: Parameters<typeof writeTar>[1]): Promise<Descriptor> =>
      store.putStream(createReadStream(await writeTar(join(folder, name), entries)));
    const large = 'x'.repeat(3_000_000);
    const layers = [
      await layer('a.tar', [directory('./'), directory('./etc'), file('./etc/a', 'old'), file('./etc/b', large)]),
      await layer('b.tar', [directory('./'), file('./etc/a', 'new')]),
    ];
    expect((await readTreeFile(layers, 'etc/a', store))?.toString()).toBe('new');
    expect((await readTreeFile(layers, 'etc/b', store))?.toString()).toBe(large);
    expect(await readTreeFile(layers, 'etc/c', store)).toBeUndefined();
  }));
