import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseBootFiles, findRoot } from '../../../disk/boot-files.ts';
import { dumpFiles, listFolder, within } from '../../../disk/ext4/debugfs.ts';
import { withFile } from '../../../disk/read-at.ts';
import { run } from '../../../host/index.ts';
import type { ConfigureDiskOptions } from './options.ts';
import { rawCommand } from './plan.ts';

/** What a machine needs to boot a system, taken out of its disk. */
export interface BootedFrom {
  readonly kernel: string;
  readonly ramdisk: string;
  /** The number of the root's partition; 0 where it is all of the disk. */
  readonly partition: number;
  /** Of the root file system. */
  readonly uuid: string;
  readonly diskBytes: number;
}

/** Takes the newest kernel and its ramdisk out of a qcow2 into a folder. Failures: those of `findRoot` and `chooseBootFiles`. */
export async function takeBootFiles(
  disk: string,
  folder: string,
  { tools, signal }: Pick<ConfigureDiskOptions, 'tools' | 'signal'>,
): Promise<BootedFrom> {
  const raw = join(folder, 'disk.raw');
  await run(rawCommand(disk, raw), { doing: 'reading the installed disk', signal });
  const { start, partition, superblock } = withFile(raw, findRoot);
  const device = within(raw, start);
  const boot = chooseBootFiles(await listFolder(tools, device, '/boot', signal));
  const [kernel, ramdisk] = [join(folder, 'vmlinuz'), join(folder, 'initrd')];
  const dumps = [
    { source: `/boot/${boot.kernel.name}`, size: boot.kernel.size, target: kernel },
    { source: `/boot/${boot.ramdisk.name}`, size: boot.ramdisk.size, target: ramdisk },
  ];
  await dumpFiles(tools, device, dumps, signal);
  const diskBytes = (await stat(raw)).size;
  await rm(raw);
  return { kernel, ramdisk, partition, uuid: superblock.uuid, diskBytes };
}
