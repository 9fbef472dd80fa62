import { join } from 'node:path';
import { field, installedParagraphs } from '../../../debian/archive/package.ts';
import { readTable } from '../../../disk/partition-table/read.ts';
import { withFile } from '../../../disk/read-at.ts';
import type { FileSystemTools } from '../../../disk/tools.ts';
import { command, run } from '../../../host/index.ts';
import { readInside } from '../../../machine/index.ts';

/** A package of an installed system; its archive file, and so its digest, is not known. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** The packages that a status file of dpkg has as installed, by name. */
export function installedPackages(status: string): InstalledPackage[] {
  return installedParagraphs(status)
    .map((paragraph) => {
      const value = (name: string): string => field(paragraph, name) ?? '';
      return { name: value('Package'), version: value('Version'), architecture: value('Architecture') };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The packages of the system on a disk that the installer has made: its first partition is the root. `scratch`: room for the disk's content. */
export async function packagesOn(disk: string, tools: FileSystemTools, scratch: string, signal: AbortSignal): Promise<InstalledPackage[]> {
  const raw = join(scratch, 'installed.raw');
  await run(command('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', disk, raw]), { doing: 'looking into the installed disk', signal });
  const [root] = withFile(raw, readTable)?.partitions ?? [];
  if (root === undefined) return [];
  return installedPackages(await readInside(tools, `${raw}?offset=${root.start}`, '/var/lib/dpkg/status'));
}
