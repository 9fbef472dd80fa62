import { mkdtemp, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BootLoaderFacts, Firmware } from '../../debian/boot-loader.ts';
import { uuidFrom } from '../identity.ts';
import { type Layout, type Partition, rootOf, sectorSize } from '../partition-table/layout.ts';
import { typeCode } from '../partition-table/types.ts';
import { type DiskBytes, patchBytes } from '../partition-table/write.ts';
import { biosBytes } from './bios.ts';
import type { BootFacts, BootLoader } from './boot-loader.ts';
import { makeCoreImage } from './core-image.ts';
import { type BootPaths, grubMenu } from './menu.ts';
import { makeSystemPartition } from './system-partition.ts';
import type { BootLoaderTools } from './tools.ts';

/** Bytes. GRUB's core image takes a fifth of the first; the other is the smallest FAT32, with room for a second set of its files beside them. */
const sizes = { 'bios-boot': 1 << 20, esp: 64 << 20 };

export interface BootLoaderOptions {
  readonly facts: BootFacts;
  readonly source: BootLoaderFacts;
  readonly tools: BootLoaderTools;
  readonly table: Layout['table'];
  readonly boot: BootPaths;
  /** The time of its files, in seconds since 1970. */
  readonly epoch: number;
  readonly signal?: AbortSignal;
}

/** Debian's boot loader for BIOS, UEFI or both. Same arguments, same bytes. */
export function bootLoader(options: BootLoaderOptions): BootLoader {
  const { facts, source, table, boot } = options;
  const has = (name: Firmware): boolean => facts.firmware.includes(name);
  return {
    facts,
    partitions: [
      ...(has('bios') && table === 'gpt' ? [{ type: 'bios-boot' as const, bytes: sizes['bios-boot'] }] : []),
      ...(has('uefi') ? [{ type: 'esp' as const, bytes: sizes.esp }] : []),
    ],
    async write(path, layout, rootUuid) {
      const menu = grubMenu({ rootUuid, boot, commandLine: source.commandLine });
      const folder = await mkdtemp(join(dirname(path), 'boot-loader-'));
      if (has('bios')) await patchBytes(path, await biosPart(options, layout, menu, folder));
      if (has('uefi')) await putUefi(options, { layout, path, menu, folder });
    },
  };
}

async function biosPart({ source, tools, signal }: BootLoaderOptions, layout: Layout, menu: string, folder: string): Promise<DiskBytes[]> {
  const modules = source.bios!;
  const bootImage = await readFile(join(tools.folder, modules, 'boot.img'));
  const coreImage = await makeCoreImage({ tools, modules, menu, folder, ...(signal ? { signal } : {}) });
  // an MBR has no partition for it, but the gap behind sector 0
  const gap = { start: sectorSize, size: rootOf(layout).start - sectorSize };
  return biosBytes({ bootImage, coreImage, ...(layout.table === 'mbr' ? gap : partitionOf(layout, 'bios-boot')) });
}

async function putUefi(
  { source, tools, epoch, signal }: BootLoaderOptions,
  { layout, path, menu, folder }: { layout: Layout; path: string; menu: string; folder: string },
): Promise<void> {
  const { start, size } = partitionOf(layout, 'esp');
  const serial = uuidFrom(layout.id, 'EFI system partition').slice(0, 8);
  const more = { files: source.uefi!, menu, serial, epoch, folder, ...(signal ? { signal } : {}) };
  await makeSystemPartition({ tools, path, start, size, ...more });
}

function partitionOf({ table, partitions }: Layout, name: 'bios-boot' | 'esp'): Partition {
  return partitions.find(({ type }) => type === typeCode(table, name))!;
}
