import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { releaseOf } from '../../debian/releases.ts';
import { type DiskConfig, makeRootDisk } from '../../disk/root-disk.ts';
import { debianLayers } from '../../disk/testing/debian.ts';
import { withFolder } from '../../disk/testing/tar.ts';
import { testTools } from '../../disk/testing/tools.ts';
import { shrink } from './run.ts';

const mebibyte = 1 << 20;

it('makes a disk with headroom the same as one made without, and passes that one on', () =>
  withFolder(async (folder) => {
    const store = await Store.open(join(folder, 'store'));
    const notes: string[] = [];
    const context = { tools: testTools(), store, progress: { ...silent, note: (text: string) => void notes.push(text) } };
    const source = {
      layers: await debianLayers(store, folder),
      table: 'gpt' as const,
      slack: 8 * mebibyte,
      ext4: releaseOf('bookworm').ext4,
      epoch: 1,
    };
    const large = await makeRootDisk(source, 100 * mebibyte, context);
    const small = await makeRootDisk(source, 0, context);

    const shrunk = await shrink({ ...large, slack: source.slack, ...context });
    expect(shrunk).toEqual({ stage: 'shrink', config: small.config, blobs: [{ name: 'disk.raw', descriptor: small.disk }] });
    expect(small.disk.size).toBeLessThan(large.disk.size - 99 * mebibyte);

    const again = await shrink({ config: shrunk.config as DiskConfig, disk: small.disk, slack: source.slack, ...context });
    expect(again).toEqual(shrunk);
    expect(notes.at(-1)).toMatch(/^already smallest: 8 MiB free/);
  }));
