import type { Command } from '../host/index.ts';

/** The programs of e2fsprogs that this folder calls. */
export type FileSystemTool = 'mke2fs' | 'debugfs' | 'dumpe2fs' | 'e2fsck' | 'resize2fs';

/**
 * Where e2fsprogs comes from. mke2fs must be 1.47.1 or newer with libarchive beside it: older ones read no tar and are not
 * reproducible. `env` is added to whatever the tools themselves need.
 */
export interface FileSystemTools {
  tool(name: FileSystemTool, args: readonly string[], env?: Readonly<Record<string, string>>): Command;
}
