import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { controlFile } from './control.ts';
import { fileName, type PinnedPackage } from './package.ts';

/** Where the repository stands for apt, inside the namespaces of a build. */
export const repositoryMount = '/mnt/repository';

/**
 * Makes a folder that apt reads as an archive of exactly these packages: one index, one file each. It is trusted as a folder, for
 * every package in it has been checked against a signed index or a lock. What the index says comes from the packages themselves,
 * so that with and without lists of an archive it is the same; only priority and section are the archive's word.
 */
export async function writeRepository(
  folder: string,
  suite: string,
  packages: readonly PinnedPackage[],
  blobs: readonly Descriptor[],
  store: Store,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(packages.map((entry, index) => place(store.blobPath(blobs[index]!.digest), join(folder, fileName(entry)))));
  const controls: string[] = [];
  for (const blob of blobs) controls.push(await controlFile(blob, store));
  const index = packages.map((entry, position) => renderStanza(entry, controls[position]!, blobs[position]!)).join('\n');
  await writeFile(join(folder, 'Packages'), index);
  await writeFile(join(folder, 'Release'), renderRelease(suite, index));
}

/** The line of sources.list for it. */
export const repositorySource = `deb [trusted=yes] file://${repositoryMount} ./`;

function renderStanza(entry: PinnedPackage, control: string, { digest, size }: Descriptor): string {
  // a field goes with the lines that continue it, which begin with a space
  const kept = control.replace(/^(Priority|Section|Tag):.*(\n[ \t].*)*\n?/gim, '').trimEnd();
  const said = Object.entries({ Priority: entry.priority, Section: entry.section }).filter(([, value]) => value !== '');
  return `${[
    kept,
    ...said.map(([name, value]) => `${name}: ${value}`),
    `Filename: ./${fileName(entry)}`,
    `Size: ${size}`,
    `SHA256: ${digest.slice('sha256:'.length)}`,
  ].join('\n')}\n`;
}

function renderRelease(suite: string, index: string): string {
  const bytes = Buffer.from(index);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return `Suite: ${suite}\nCodename: ${suite}\nOrigin: Debian\nDate: Thu, 01 Jan 1970 00:00:00 UTC\nSHA256:\n ${sha256} ${bytes.length} Packages\n`;
}

async function place(blob: string, target: string): Promise<void> {
  try {
    await link(blob, target);
  } catch (error) {
    // another file system, or a blob of another user under fs.protected_hardlinks
    if (!['EXDEV', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(blob, target);
  }
}
