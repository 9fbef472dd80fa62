import { readFile } from 'node:fs/promises';
import type { Descriptor } from '@nx-debian-image/artifact-store';
import { readProxy } from '../../../debian/archive/archive.ts';
import { suitesOf } from '../../../debian/archive/sources.ts';
import { bringNetboot } from '../../../debian/installer/netboot.ts';
import { readMirror } from '../../../debian/mirror/read.ts';
import { releaseOf } from '../../../debian/releases.ts';
import { imageAptFiles } from '../apt-files.ts';
import type { ChooseOptions } from '../choose.ts';
import { imageKeyring } from '../image-keyring.ts';
import { planPreseed } from './preseed.ts';
import { planRamdisk } from './ramdisk.ts';

/** What the machine is started with. */
export interface PreparedInstaller {
  readonly kernel: Descriptor;
  /** The installer's ramdisk, and behind it what it is told. */
  readonly ramdisk: Buffer;
}

/**
 * Brings the installer of an image, with the answers to all that it would ask. `seen` gives an address as the guest must call it. Failures: its
 * own, those of `planPreseed` and `bringNetboot`.
 */
export async function prepareInstaller(options: ChooseOptions, seen: (address: string) => string): Promise<PreparedInstaller> {
  const { image, store, progress, signal, environment } = options;
  const release = releaseOf(image.release);
  const { components, pockets, installer } = image.install;
  const mirror = await readMirror(release, image.install.mirror, environment);
  const keyring = await imageKeyring(image, environment);
  const guestMirror = { main: seen(mirror.main), security: seen(mirror.security) };
  const proxy = await readProxy(signal);
  // before anything is fetched: it fails where image.json contradicts itself
  const preseed = planPreseed({ image, release, mirror: guestMirror, proxy: proxy === undefined ? undefined : seen(proxy) });
  const netboot = await bringNetboot({
    release,
    architecture: image.arch,
    mirror: mirror.main,
    source: installer?.source,
    folder: image.folder,
    suites: suitesOf(release, mirror, components, pockets),
    keyring: keyring.file,
    archived: release.archived,
    store,
    progress,
    signal,
  });
  const aptFiles = await imageAptFiles(image);
  const extra = planRamdisk({ preseed, keyring: await readFile(keyring.file), ownKeyring: keyring.own, aptFiles });
  return { kernel: netboot.kernel, ramdisk: appended(await store.read(netboot.ramdisk.digest), extra) };
}

/** A second archive behind a ramdisk: the kernel unpacks one after another, each at a multiple of four bytes (its buffer-format.rst). */
function appended(ramdisk: Buffer, archive: Buffer): Buffer {
  return Buffer.concat([ramdisk, Buffer.alloc((4 - (ramdisk.length % 4)) % 4), archive]);
}
