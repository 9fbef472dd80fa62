import type { Command } from '../../host/index.ts';

/** The programs that put a boot loader on a disk; `mtools` takes the name of each of its tools behind `-c`. */
export type BootLoaderTool = 'grub-mkimage' | 'mtools';

/** The packages of GRUB, shim and mtools, unpacked. */
export interface BootLoaderTools {
  /** The folder that they are unpacked in. */
  readonly folder: string;
  tool(name: BootLoaderTool, args: readonly string[], env?: Readonly<Record<string, string>>): Command;
}
