import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersAbove } from '../folders-above.ts';
import { run } from '../../host/index.ts';
import { sectorSize } from '../partition-table/layout.ts';
import { patchBytes } from '../partition-table/write.ts';
import type { BootLoaderTools } from './tools.ts';

/** Where Debian's signed GRUB looks for its grub.cfg. */
const menuPath = 'EFI/debian/grub.cfg';

/** mformat writes a partition table into the boot sector and its copy, of all that lies behind it in the file: nothing that a partition has. */
const bootSectors = [0, 6];
const fakeTable = { at: 446, size: 64 };

export interface SystemPartitionOptions {
  readonly tools: BootLoaderTools;
  /** The file of the disk, and where in it the partition is, in bytes. */
  readonly path: string;
  readonly start: number;
  readonly size: number;
  /** Its files by their path there, as paths in the folder of the tools. */
  readonly files: Readonly<Record<string, string>>;
  /** grub.cfg. */
  readonly menu: string;
  /** Eight hexadecimal digits: the serial number of the file system. */
  readonly serial: string;
  /** The time of all files, in seconds since 1970. */
  readonly epoch: number;
  /** A folder for work. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes the EFI system partition on a disk, in place: FAT32, as UEFI has it (2.10, 13.3), with shim, GRUB and its menu. Same arguments, same
 * bytes.
 */
export async function makeSystemPartition(options: SystemPartitionOptions): Promise<void> {
  const { tools, path, start, size, files, menu, serial, epoch, folder, signal } = options;
  const source = join(folder, 'EFI');
  await mkdir(source);
  await writeFile(join(source, 'grub.cfg'), menu);
  const all = [
    ...Object.entries(files).map(([to, from]) => [to, join(tools.folder, from)] as const),
    [menuPath, join(source, 'grub.cfg')] as const,
  ];
  const folders = [...new Set(all.flatMap(([to]) => foldersAbove(to)))];
  // mtools asks the settings of this machine's user otherwise; its times are local ones
  const env = { SOURCE_DATE_EPOCH: String(epoch), TZ: 'UTC', HOME: folder, MTOOLS_SKIP_CHECK: '1' };
  const call = async (tool: string, ...args: string[]): Promise<void> => {
    const command = tools.tool('mtools', ['-c', tool, '-i', `${path}@@${start}`, ...args], env);
    await run(command, { doing: 'making the EFI system partition', ...(signal ? { signal } : {}) });
  };
  const format = { '-T': size / sectorSize, '-h': 64, '-s': 32, '-H': start / sectorSize, '-N': serial, '-v': 'EFI' };
  await call('mformat', '-F', ...Object.entries(format).flatMap(([name, value]) => [name, String(value)]), '::');
  const tables = bootSectors.map((sector) => start + sector * sectorSize + fakeTable.at);
  await patchBytes(
    path,
    tables.map((position) => ({ position, bytes: Buffer.alloc(fakeTable.size) })),
  );
  await call('mmd', ...folders.map((name) => `::${name}`));
  for (const [to, from] of all) await call('mcopy', from, `::${to}`);
}
