import { copyRange } from '../blocks/copy-range.ts';
import { rootOf, sectorSize } from '../partition-table/layout.ts';
import { mbrIdPosition } from '../partition-table/mbr-write.ts';
import { patchBytes } from '../partition-table/write.ts';
import { withFile } from '../read-at.ts';
import type { DiskConfig } from '../root-disk.ts';
import type { BootLoader } from './boot-loader.ts';

/** Where the table of a GPT ends: sector 0, its header and 32 sectors of entries (UEFI 2.10, 5.3.1). */
const tableEnd = { gpt: 34 * sectorSize, mbr: sectorSize };

export interface CopyOptions {
  /** The disk that has it, and its facts. */
  readonly source: string;
  readonly config: DiskConfig;
  readonly signal?: AbortSignal;
}

/** The boot loader of a disk, for one with another root of the same UUID; undefined where it has none. */
export function copiedBootLoader({ source, config, signal }: CopyOptions): BootLoader | undefined {
  const { boot, partitions, root } = config;
  if (boot === undefined) return undefined;
  const before = partitions.filter(({ number }) => number !== root.partition).toSorted((a, b) => a.start - b.start);
  return {
    facts: boot,
    // a GPT names its partitions by their types, and an MBR has none before the root: see `planLayout`
    partitions: before.map(({ name, size }) => ({ type: name as BootLoader['partitions'][number]['type'], bytes: size })),
    async write(path, layout) {
      const code = withFile(source, (disk) => Buffer.from(disk.read(0, mbrIdPosition)));
      await patchBytes(path, [{ position: 0, bytes: code }]);
      await copyRange(source, path, { start: tableEnd[layout.table], end: rootOf(layout).start, ...(signal ? { signal } : {}) });
    },
  };
}
