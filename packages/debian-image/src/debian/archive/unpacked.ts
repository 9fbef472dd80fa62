import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Descriptor, inFolder, recall, remember, type Store } from '@nx-debian-image/artifact-store';
import { inParallel } from '../../host/in-parallel.ts';
import { command, run } from '../../host/index.ts';
import { digestOf } from './fetch.ts';
import type { LockedPackage } from './package.ts';
import type { Member } from './unpacked-member.ts';

const packagesAtOnce = 4;
const memo = 'unpacked';
const packageType = 'application/vnd.debian.binary-package';

/**
 * The packages with their members uncompressed, in the order given: decompression is a quarter of an installation's time, so it is
 * done once for each package and kept in the store.
 */
export async function unpackedPackages(packages: readonly LockedPackage[], store: Store, signal: AbortSignal): Promise<Descriptor[]> {
  return inParallel(packagesAtOnce, packages, async (entry) => {
    const known = await recall(store, memo, entry.sha256, packageType);
    return known !== undefined && (await store.verify(known.digest)) ? known : unpack(entry, store, signal);
  });
}

async function unpack(entry: LockedPackage, store: Store, signal: AbortSignal): Promise<Descriptor> {
  const scratch = await store.scratch();
  try {
    const path = join(scratch.folder, 'package');
    await inFolder(store.folder, async () => {
      const file = await open(path, 'wx');
      try {
        await file.write(`!<arch>\n${header('debian-binary', version.length)}${version}`);
        for (const { name, option } of members) {
          const unpacking = { doing: `unpacking ${entry.name}`, signal, outputFile: file.fd };
          await writeMember(file, name, () => run(command('dpkg-deb', [option, store.blobPath(digestOf(entry))]), unpacking));
        }
      } finally {
        await file.close();
      }
    });
    const descriptor = await store.putFile(path, { mediaType: packageType, durable: false });
    await remember(store, memo, entry.sha256, descriptor);
    return descriptor;
  } finally {
    await scratch.dispose();
  }
}

/** The members of a Debian package as deb(5) describes it, an ar archive; here the tar files are uncompressed. */
const version = '2.0\n';
const members: readonly { readonly name: Member; readonly option: string }[] = [
  { name: 'control.tar', option: '--ctrl-tarfile' },
  { name: 'data.tar', option: '--fsys-tarfile' },
];

/** Lets `write` append to the file, and puts the header before that, which has its size. */
async function writeMember(file: FileHandle, name: Member, write: () => Promise<unknown>): Promise<void> {
  const begin = (await file.stat()).size;
  await file.write(header(name, 0));
  await write();
  const size = (await file.stat()).size - begin - headerLength;
  await file.write(header(name, size), begin);
  if (size % 2 === 1) await file.write('\n', null);
}

const headerLength = 60;

/** The 60 bytes before a member of an ar archive: name, time, owner, group, mode, size and an end mark. */
function header(name: string, size: number): string {
  return `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(size).padEnd(10)}\`\n`;
}
