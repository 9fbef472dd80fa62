import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Store, type Descriptor } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { slice } from '../../disk/blocks/slice.ts';
import type { ReleaseName } from '../../debian/names.ts';
import { releaseOf } from '../../debian/releases.ts';
import type { DiskConfig } from '../../disk/root-disk.ts';
import { debianLayers } from '../../disk/testing/debian.ts';
import { testTools } from '../../disk/testing/tools.ts';
import type { FileSystemTool } from '../../disk/tools.ts';
import { run } from '../../host/index.ts';
import { convert } from './run.ts';

let folder: string;
let store: Store;
let layers: Descriptor[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convert-'));
  store = await Store.open(join(folder, 'store'));
  layers = await debianLayers(store, folder);
});
afterAll(() => rm(folder, { recursive: true }));

async function made(release: ReleaseName, table: 'gpt' | 'mbr' = 'gpt', headroom = 0): Promise<{ config: DiskConfig; disk: Descriptor }> {
  const context = { tools: testTools(), store, progress: silent };
  const draft = await convert({
    layers,
    table,
    slack: undefined,
    headroom,
    ext4: releaseOf(release).ext4,
    epoch: 1_700_000_000,
    ...context,
  });
  return { config: draft.config as DiskConfig, disk: draft.blobs[0]!.descriptor };
}

/** The root alone, in a file of its own. */
async function root(release: ReleaseName, name: string, headroom = 0): Promise<string> {
  const { config, disk } = await made(release, 'gpt', headroom);
  const path = join(folder, name);
  const { start, size } = config.partitions[0]!;
  await slice(store.blobPath(disk.digest), path, { start, size });
  return path;
}

async function tool(name: FileSystemTool, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await run(testTools().tool(name, args), { doing: name, onLine: (line) => lines.push(line) });
  return lines.join('\n');
}

describe('what the layers hold is in the file system', () => {
  let path: string;
  const inode = (file: string): Promise<string> => tool('debugfs', '-R', `stat ${file}`, path);
  beforeAll(async () => {
    path = await root('bookworm', 'root');
  });

  it('without an error', async () => expect(await tool('e2fsck', '-fn', path)).not.toMatch(/fix|error/i));
  it('device nodes and pipes', async () => {
    expect(await inode('/dev/null')).toMatch(/Type: character special\s+Mode:\s+0666[^]*Device major\/minor number: 01:03/);
    expect(await inode('/dev/sda')).toMatch(/Type: block special\s+Mode:\s+0660[^]*Device major\/minor number: 08:00/);
    expect(await inode('/dev/pipe')).toMatch(/Type: FIFO\s+Mode:\s+0600/);
  });
  it('setuid and sticky bits', async () => {
    expect(await inode('/usr/bin/su')).toMatch(/Mode:\s+04755/);
    expect(await inode('/tmp')).toMatch(/Mode:\s+01777/);
  });
  it('capabilities', async () => {
    expect(await tool('debugfs', '-R', 'ea_get -x /usr/bin/ping security.capability', path)).toContain('01 00 00 02 00 20 00 00');
  });
  it('symbolic links and names that are not ASCII', async () => {
    expect(await inode('/etc/long')).toMatch(/Type: symlink[^]*Size: 201/);
    expect(await inode('/etc/Főtanúsítvány.pem')).toMatch(/Type: regular/);
  });
  it('holes for zeros', async () => expect(await inode('/usr/share/holes')).toMatch(/Size: 1048579\n[^]*Blockcount: 8\n/));
  it('the upper layer, and a hard link whose target it removed', async () => {
    expect(await tool('debugfs', '-R', 'cat /etc/hostname', path)).toContain('debian');
    expect(await inode('/etc/gone')).toContain('File not found');
    expect(await inode('/usr/bin/perl')).toContain('File not found');
    expect(await tool('debugfs', '-R', 'cat /usr/bin/perl5.36', path)).toContain('perl itself');
  });
  it('times of the layers alone', async () => expect(await inode('/usr/bin/ping')).toContain('mtime: 0x00000001'));
});

it.each(['jessie', 'bookworm', 'trixie'] as const)('%s gets the features that it knows, and no other', async (release) => {
  const path = await root(release, `root-${release}`);
  const listed = /^Filesystem features:\s+(.*)$/m.exec(await tool('dumpe2fs', '-h', path))![1]!;
  expect(listed.split(' ').toSorted()).toEqual([...releaseOf(release).ext4.features].toSorted());
  expect((await made(release)).config.root.features.toSorted()).toEqual(listed.split(' ').toSorted());
});

it('gives the same bytes at another time', async () => {
  const { disk } = await made('bookworm');
  await setTimeout(1100);
  expect((await made('bookworm')).disk).toEqual(disk);
});

it('leaves the headroom free, on a disk of another kind too', async () => {
  const { config } = await made('bookworm', 'mbr', 50 << 20);
  expect(config).toMatchObject({ table: 'mbr', partitions: [{ number: 1, name: '', type: '83', start: 1 << 20 }] });
  expect(config.root.freeBytes).toBeGreaterThanOrEqual(54 << 20);
});

it('makes a root smaller than `resize2fs -M` does, that grows', async () => {
  const small = await root('bookworm', 'small');
  const large = await root('bookworm', 'large', 500 << 20);
  await tool('resize2fs', '-M', large);
  expect((await stat(small)).size).toBeLessThan((await stat(large)).size);
  await truncate(small, 3 * 2 ** 30);
  await tool('resize2fs', small);
  expect(await tool('e2fsck', '-fn', small)).not.toMatch(/fix|error/i);
  expect(await tool('dumpe2fs', '-h', small)).toMatch(/^Block count:\s+786432$/m);
});
