import type { RamdiskTool } from '../../debian/ramdisk.ts';
import type { Release } from '../../debian/releases.ts';

/** What configuring has to know of the tree beside image.json. */
export interface ConfigureFacts {
  readonly release: Release;
  /** What makes the initial ramdisk. */
  readonly ramdisk: RamdiskTool;
  /** Of a system that the installer has put on a disk; undefined for a tree. */
  readonly disk?: DiskFacts;
}

/** What configuring has to know of an installed disk. */
export interface DiskFacts {
  /** The UUID of its root file system, which it keeps on its way to an image. */
  readonly rootUuid: string;
}
