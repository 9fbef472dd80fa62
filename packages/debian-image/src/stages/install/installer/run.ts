import { readFile, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactDraft } from '@nx-debian-image/artifact-store';
import { Failure, formatBytes } from '@nx-debian-image/report';
import { readProxy } from '../../../debian/archive/archive.ts';
import { suitesOf } from '../../../debian/archive/sources.ts';
import { installerClock, installerMemory } from '../../../debian/installer/needs.ts';
import { bringNetboot, type Netboot } from '../../../debian/installer/netboot.ts';
import { keyringFile } from '../../../debian/keyring.ts';
import { readLock } from '../../../debian/lock/read.ts';
import { lockFileName } from '../../../debian/lock/schema.ts';
import { readMirror } from '../../../debian/mirror/read.ts';
import { releaseOf } from '../../../debian/releases.ts';
import { fetchTools } from '../../../debian/tools/locked.ts';
import { resolveTools } from '../../../debian/tools/resolve.ts';
import { openToolTree } from '../../../debian/tools/tree.ts';
import { qcow2Type } from '../../../disk/chain.ts';
import { command, run } from '../../../host/index.ts';
import type { Image } from '../../../image/index.ts';
import { type MachineArchitectureName, machineArchitectures, runInstaller, seenByGuest } from '../../../machine/index.ts';
import { imageAptFiles } from '../apt-files.ts';
import type { ChooseOptions } from '../choose.ts';
import { packagesOn } from './installed.ts';
import { planPreseed } from './preseed.ts';
import { planRamdisk } from './ramdisk.ts';

/** A guest in software is no faster with more, and leaves none to others. */
const processors = 2;

/**
 * Installs the system of an image by debian-installer in a virtual machine, unattended. Leaves the disk `disk.qcow2` and what the installer
 * said, `console.log`; the same image installed again gives other bytes. Fails as `runInstaller` does, and as `invalid` for an image with a lock.
 */
export async function installByInstaller(options: ChooseOptions): Promise<ArtifactDraft> {
  const { image, store, progress, signal } = options;
  const installer = image.install.installer!;
  await requireNoLock(image);
  const release = releaseOf(image.release);
  const tools = await resolveTools({ ...options, architecture: options.hostArchitecture });
  await fetchTools(tools, options);
  const clock = installerClock(release);
  const epoch = Math.floor((clock?.getTime() ?? Date.now()) / 1000);
  const scratch = await store.scratch();
  try {
    await requireRoom(scratch.folder, installer.disk);
    const { netboot, extra } = await prepare(options);
    const place = (name: string): string => join(scratch.folder, name);
    await writeFile(place('initrd'), appended(await store.read(netboot.ramdisk.digest), extra));
    const disk = place('disk.qcow2');
    await run(command('qemu-img', ['create', '-q', '-f', 'qcow2', disk, String(installer.disk)]), {
      doing: 'making an empty disk',
      signal,
    });
    progress.step(`installing ${release.name} by debian-installer, for at most ${installer.timeLimit} min`);
    await runInstaller({
      architecture: machineOf(image),
      release: release.name,
      memory: installer.memory ?? installerMemory(release),
      processors,
      disks: [{ path: disk, format: 'qcow2' }],
      kernel: store.blobPath(netboot.kernel.digest),
      ramdisk: place('initrd'),
      commandLine: commandLineOf(image),
      clock,
      consoleLog: place('console.log'),
      limitSeconds: installer.timeLimit * 60,
      progress,
      signal,
    });
    const packages = await packagesOn(disk, await openToolTree(tools, store, signal), scratch.folder, signal);
    const config = { release: release.name, architecture: image.arch, epoch, method: 'installer', reproducible: false, packages, tools };
    const blobs = [
      { name: 'disk.qcow2', descriptor: await store.putFile(disk, { mediaType: qcow2Type }) },
      { name: 'console.log', descriptor: await store.putFile(place('console.log'), { mediaType: 'text/plain' }) },
    ];
    return { stage: 'install', config, blobs };
  } finally {
    await scratch.dispose();
  }
}

/** The installer's kernel and ramdisk, and what goes behind the ramdisk. */
async function prepare({ image, store, progress, signal, environment }: ChooseOptions): Promise<{ netboot: Netboot; extra: Buffer }> {
  const release = releaseOf(image.release);
  const { components, pockets, installer } = image.install;
  const mirror = await readMirror(release, image.install.mirror, environment);
  const keyring = image.install.keyring === undefined ? await keyringFile(release) : join(image.folder, image.install.keyring);
  const guestMirror = { main: seenByGuest(mirror.main), security: seenByGuest(mirror.security) };
  const proxy = await readProxy(signal);
  // before anything is fetched: it fails where image.json contradicts itself
  const preseed = planPreseed({ image, release, mirror: guestMirror, proxy: proxy === undefined ? undefined : seenByGuest(proxy) });
  const netboot = await bringNetboot({
    release,
    architecture: image.arch,
    mirror: mirror.main,
    source: installer?.source,
    folder: image.folder,
    suites: suitesOf(release, mirror, components, pockets),
    keyring,
    archived: release.archived,
    store,
    progress,
    signal,
  });
  const aptFiles = await imageAptFiles(image);
  const extra = planRamdisk({ preseed, keyring: await readFile(keyring), ownKeyring: image.install.keyring !== undefined, aptFiles });
  return { netboot, extra };
}

/** A second archive behind a ramdisk: the kernel unpacks one after another, each at a multiple of four bytes (its buffer-format.rst). */
function appended(ramdisk: Buffer, archive: Buffer): Buffer {
  return Buffer.concat([ramdisk, Buffer.alloc((4 - (ramdisk.length % 4)) % 4), archive]);
}

/** `TERM=dumb` keeps the installer out of GNU screen, which would draw over what it says. */
function commandLineOf(image: Image): string {
  const { console } = machineArchitectures[machineOf(image)];
  const words = [
    'auto=true',
    'priority=critical',
    'preseed/file=/preseed.cfg',
    'DEBIAN_FRONTEND=text',
    'TERM=dumb',
    `console=${console},115200`,
  ];
  return [...words, ...(image.install.installer?.allowUnverified === true ? ['debian-installer/allow_unauthenticated=true'] : [])].join(
    ' ',
  );
}

/** image.json allows the method for these architectures only. */
function machineOf({ arch }: Image): MachineArchitectureName {
  if (arch === 'amd64' || arch === 'i386') return arch;
  throw new Error(`no machine for ${arch}`);
}

async function requireRoom(folder: string, disk: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= disk) return;
  throw new Failure('no-space', `an installation to a disk of ${formatBytes(disk)} needs as much space; there are ${formatBytes(free)}`, {
    where: folder,
    hint: 'Free some space, have DEBIAN_IMAGE_STORE elsewhere, or ask for a smaller install.installer.disk.',
  });
}

async function requireNoLock({ name, folder }: Image): Promise<void> {
  if ((await readLock(folder, name)) === undefined) return;
  throw new Failure('invalid', `${name} has a lock, but debian-installer chooses its packages by itself`, {
    where: join(folder, lockFileName),
    hint: 'Remove the lock, or use "method": "bootstrap".',
  });
}
