import type { LockedPackage } from '../../debian/archive/package.ts';
import type { BootLoaderFacts, Firmware } from '../../debian/boot-loader.ts';
import { chooseBootFiles } from '../../disk/boot-files.ts';
import type { BootLoader } from '../../disk/boot-loader/boot-loader.ts';
import { bootLoader } from '../../disk/boot-loader/make.ts';
import { type BootPaths, kernelLinks } from '../../disk/boot-loader/menu.ts';
import type { BootLoaderTools } from '../../disk/boot-loader/tools.ts';
import { nodeAt, type Tree } from '../../disk/layers/merge.ts';
import { openLayers } from '../../disk/layers/open-layers.ts';
import type { RootDiskContext, RootDiskSource } from '../../disk/root-disk.ts';

/** What a disk is to boot by. */
export interface BareWish {
  readonly firmware: readonly Firmware[];
  /** Where the boot loader is in the folder of the tools, and the packages that all of this comes from. */
  readonly source: BootLoaderFacts;
  readonly tools: BootLoaderTools;
  readonly packages: readonly LockedPackage[];
  /** Which of several kernels: see `chooseBootFiles`; undefined: the one that the links of Debian's packages name. */
  readonly kernel: string | undefined;
}

/** The boot loader of a disk of some layers. Failure `not-found` where they have no kernel. */
export async function planBootLoader(
  { firmware, source, tools, packages, kernel }: BareWish,
  { layers, table, epoch, store, progress, signal }: RootDiskSource & RootDiskContext,
): Promise<BootLoader> {
  const boot = bootPaths(await openLayers(layers, store), kernel);
  const by = firmware.map((name) => name.toUpperCase()).join(' and ');
  progress.note(`the disk boots by ${by}: GRUB starts ${boot.kernel}`);
  if (kernel === undefined && boot !== kernelLinks) {
    progress.warn(`without the link ${kernelLinks.kernel} GRUB goes on starting ${boot.kernel}, whichever kernels an instance installs`);
  }
  const facts = { firmware, packages };
  return bootLoader({ facts, source, tools, table, boot, epoch, ...(signal ? { signal } : {}) });
}

/** What GRUB starts of a tree: the links that kernel packages keep, so that it is the newest; the very kernel where one is wanted, or no links are there. */
export function bootPaths(tree: Tree, wanted: string | undefined): BootPaths {
  const linked = Object.values(kernelLinks).every((path) => nodeAt(tree, path.slice(1)) !== undefined);
  if (wanted === undefined && linked) return kernelLinks;
  const files = [...(nodeAt(tree, 'boot')?.children ?? [])].flatMap(([name, { inode }]) =>
    inode.entry.type === 'file' ? [{ name, size: inode.entry.size }] : [],
  );
  const { kernel, ramdisk } = chooseBootFiles(files, wanted);
  return { kernel: `/boot/${kernel.name}`, ramdisk: `/boot/${ramdisk.name}` };
}
