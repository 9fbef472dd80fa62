import { copyFile, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, run } from '../../host/index.ts';
import { dataRuns } from '../blocks/sparse.ts';
import { within } from '../ext4/debugfs.ts';
import { type TestEntry, writeTar } from './tar.ts';
import { tool } from './file-system.ts';

export interface InstalledDiskWish {
  /** What sfdisk is told; the root begins at 1 MiB unless `start` says otherwise. */
  readonly table: string;
  readonly megabytes: number;
  readonly root: { readonly start?: number; readonly megabytes: number; readonly args: readonly string[] };
  readonly entries: readonly TestEntry[];
  /** What debugfs does to it before the disk counts as installed, and what configure does afterwards. */
  readonly installed?: readonly string[];
  readonly configured?: readonly string[];
}

/** A disk as an installer and configure leave it. */
export interface TestDisk {
  /** The whole as a raw file, for comparison, and the byte where its root begins. */
  readonly raw: string;
  readonly start: number;
  /** The installer's disk, and a delta that names nothing it lies upon. */
  readonly base: string;
  readonly delta: string;
}

const cluster = 1 << 16;

/** For tests: makes such a disk, with boot code and a full gap before the first partition. */
export async function makeInstalledDisk(folder: string, wish: InstalledDiskWish): Promise<TestDisk> {
  const { table, megabytes, root, entries, installed = [], configured = [] } = wish;
  const start = root.start ?? 1 << 20;
  const raw = join(folder, 'installed.raw');
  await writeFile(raw, '');
  await truncate(raw, megabytes << 20);
  await run(command('sfdisk', ['--no-reread', '--quiet', raw]), { doing: 'writing a partition table', input: table });
  const tar = await writeTar(join(folder, 'tree.tar'), entries);
  await tool('mke2fs', ['-q', '-F', '-E', `offset=${start}`, ...root.args, '-d', tar, raw, `${root.megabytes}M`]);
  await change(folder, within(raw, start), installed);
  await bootCode(raw);
  const before = join(folder, 'before.raw');
  await copyFile(raw, before);
  const [base, delta] = [join(folder, 'base.qcow2'), join(folder, 'delta.qcow2')];
  await qemuImg('convert', '-f', 'raw', '-O', 'qcow2', raw, base);
  await change(folder, within(raw, start), configured);
  await qemuImg('create', '-q', '-f', 'qcow2', '-b', base, '-F', 'qcow2', delta);
  await writeDifferences(folder, before, raw, delta);
  await qemuImg('rebase', '-u', '-b', '', delta);
  return { raw, start, base, delta };
}

async function qemuImg(...args: string[]): Promise<void> {
  await run(command('qemu-img', args), { doing: 'qemu-img' });
}

async function change(folder: string, device: string, changes: readonly string[]): Promise<void> {
  if (changes.length === 0) return;
  const file = join(folder, 'changes');
  await writeFile(file, changes.map((line) => `${line}\n`).join(''));
  await tool('debugfs', ['-w', '-f', file, device]);
}

/** Sector 0 begins with code, as its last two bytes of code say, and something is in all sectors up to 63. */
async function bootCode(raw: string): Promise<void> {
  const file = await open(raw, 'r+');
  await file.write(Buffer.alloc(440, 'boot code'), 0, 440, 0);
  await file.write(Buffer.alloc(20 * 512, 'gap'), 0, 20 * 512, 40 * 512);
  await file.close();
}

/** Writes into a delta what differs between two raw disks of the same size. */
async function writeDifferences(folder: string, before: string, after: string, delta: string): Promise<void> {
  const [one, two] = [await readFile(before), await readFile(after)];
  const differences = Buffer.alloc(one.length);
  for (let at = 0; at < one.length; at += cluster) {
    if (one.compare(two, at, at + cluster, at, at + cluster) !== 0) differences.fill(1, at, at + cluster);
  }
  for (const [from, until] of dataRuns(differences)) {
    const file = join(folder, 'difference');
    await writeFile(file, two.subarray(from, until));
    await run(command('qemu-io', ['-f', 'qcow2', '-c', `write -s ${file} ${from} ${until - from}`, delta]), { doing: 'writing a delta' });
  }
}
