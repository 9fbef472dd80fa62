import type { LockedPackage } from '../../debian/archive/package.ts';
import type { Firmware } from '../../debian/boot-loader.ts';
import type { Layout, LayoutWish } from '../partition-table/layout.ts';

/** The facts of a disk that boots by itself, as in the config of convert and shrink. */
export interface BootFacts {
  /** What starts it. */
  readonly firmware: readonly Firmware[];
  /** The packages that its boot loader comes from, and the programs that put it there. */
  readonly packages: readonly LockedPackage[];
}

/** A boot loader for a disk whose root comes last. */
export interface BootLoader {
  readonly facts: BootFacts;
  /** The partitions that it needs before the root. */
  readonly partitions: NonNullable<LayoutWish['before']>;
  /** Puts it on a disk file that has its table and its root. */
  write(path: string, layout: Layout, rootUuid: string): Promise<void>;
}
