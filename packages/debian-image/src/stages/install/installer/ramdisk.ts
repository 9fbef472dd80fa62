import { foldersAbove } from '../../../disk/folders-above.ts';
import type { TextFile } from '../../../debian/archive/sources.ts';
import { type CpioFile, cpio } from '../../../machine/cpio.ts';

export interface RamdiskPlan {
  readonly preseed: string;
  /** The keys that the archive is verified with. */
  readonly keyring: Buffer;
  /** Whether they are of an own archive, so that apt in the new system must be told of them while it is installed. */
  readonly ownKeyring: boolean;
  /** What the image's own apt reads when it is done, in place of what the installer was told. */
  readonly aptFiles: readonly TextFile[];
}

/**
 * What is added to the installer's ramdisk, as a cpio archive to go behind it: the preseed file, the keyring, and two hooks around the
 * installation. The installer looks for the keyring where its own may be missing, and then would verify nothing (net-retriever).
 */
export function planRamdisk({ preseed, keyring, ownKeyring, aptFiles }: RamdiskPlan): Buffer {
  const files: CpioFile[] = [
    file('preseed.cfg', preseed),
    ...['archive.gpg', 'archive.pgp'].map((name) => file(`usr/share/keyrings/${name}`, keyring)),
    ...aptFiles.map(({ path, text }) => file(`${imageFiles}/${path}`, text)),
    ...(ownKeyring ? [file(`${imageFiles}-meanwhile/${ownKeyringPath}`, keyring)] : []),
    file('usr/lib/base-installer.d/05image-apt', before, 0o755),
    file('usr/lib/finish-install.d/92image-apt', after, 0o755),
  ];
  return cpio([...foldersOf(files), ...files]);
}

/** Where the files for the image are in the ramdisk. */
const imageFiles = 'image-files';

const ownKeyringPath = 'etc/apt/trusted.gpg.d/image-archive.gpg';

/** Before the base system: what apt must know for the installation. Dates count as they do for the image's own apt. */
const before = `#!/bin/sh
set -e
mkdir -p /target/etc/apt/apt.conf.d /target/etc/apt/trusted.gpg.d
if [ -d /${imageFiles}-meanwhile ]; then cp -r /${imageFiles}-meanwhile/. /target/; fi
if [ -d /${imageFiles}/etc/apt/apt.conf.d ]; then cp /${imageFiles}/etc/apt/apt.conf.d/* /target/etc/apt/apt.conf.d/; fi
`;

/** At the end: nothing of the mirror, the proxy and the keys that were only for the installation. */
const after = `#!/bin/sh
set -e
rm -f /target/etc/apt/sources.list /target/etc/apt/apt.conf /target/${ownKeyringPath}
cp -r /${imageFiles}/. /target/
rm -rf /target/var/lib/apt/lists/*
mkdir -p /target/var/lib/apt/lists/partial
`;

function file(name: string, content: string | Buffer, mode = 0o644): CpioFile {
  return { name, mode: 0o100000 | mode, content: Buffer.from(content) };
}

/** The folders of files, each before what is in it. */
function foldersOf(files: readonly CpioFile[]): CpioFile[] {
  const names = new Set(files.flatMap(({ name }) => foldersAbove(name)));
  return [...names].toSorted().map((name) => ({ name, mode: 0o040755 }));
}
