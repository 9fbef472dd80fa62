import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactDraft } from '@nx-debian-image/artifact-store';
import { serialConsole } from '../../../debian/serial-console.ts';
import { installerClock, installerMemory } from '../../../debian/installer/needs.ts';
import { releaseOf } from '../../../debian/releases.ts';
import { fetchTools } from '../../../debian/tools/locked.ts';
import { resolveTools } from '../../../debian/tools/resolve.ts';
import { openToolTree } from '../../../debian/tools/tree.ts';
import { qcow2Type } from '../../../disk/chain.ts';
import { requireRoom } from '../../../host/room.ts';
import type { Image } from '../../../image/index.ts';
import type { MachineArchitectureName } from '../../../machine/index.ts';
import type { ChooseOptions } from '../choose.ts';
import { packagesOn } from './installed.ts';
import { prepareInstaller } from './prepare.ts';
import { requireNoLock } from './requirements.ts';
import { type Runner, runnerOf } from './runner.ts';

/** A guest in software is no faster with more, and leaves none to others. */
const processors = 2;

const roomHint = 'Free some space, have DEBIAN_IMAGE_STORE elsewhere, or ask for a smaller install.installer.disk.';

export interface InstallerOptions extends ChooseOptions {
  /** Where to write what the console says while the installation runs; there it stays where that fails. */
  readonly consoleLog: string;
}

/**
 * Installs the system of an image by debian-installer in a virtual machine, unattended. Leaves the disk `disk.qcow2` and what the installer
 * said, `console.log`; the same image installed again gives other bytes. Fails as its `Runner` does, and as `invalid` for an image with a lock.
 */
export async function installByInstaller(options: InstallerOptions): Promise<ArtifactDraft> {
  const { image, store, progress, signal, consoleLog } = options;
  await requireNoLock(image);
  await requireRoom(store.folder, image.install.installer!.disk, `installing ${image.name}`, roomHint);
  const release = releaseOf(image.release);
  const runner = runnerOf(image);
  await runner.prepare(progress, signal);
  const installer = await prepareInstaller(options, runner.seen);
  const tools = await resolveTools({ ...options, architecture: options.hostArchitecture });
  await fetchTools(tools, options);
  const epoch = Math.floor((installerClock(release)?.getTime() ?? Date.now()) / 1000);
  const scratch = await store.scratch();
  try {
    const ramdisk = join(scratch.folder, 'initrd');
    await writeFile(ramdisk, installer.ramdisk);
    const disk = join(scratch.folder, 'disk.qcow2');
    await runMachine(options, runner, { kernel: store.blobPath(installer.kernel.digest), ramdisk, disk });
    const packages = await packagesOn(disk, await openToolTree(tools, store, signal), scratch.folder, signal);
    const config = { release: release.name, architecture: image.arch, epoch, method: 'installer', reproducible: false, packages, tools };
    const blobs = [
      { name: 'disk.qcow2', descriptor: await store.putFile(disk, { mediaType: qcow2Type }) },
      { name: 'console.log', descriptor: await store.putFile(consoleLog, { mediaType: 'text/plain' }) },
    ];
    return { stage: 'install', config, blobs };
  } finally {
    await scratch.dispose();
  }
}

interface MachineFiles {
  readonly kernel: string;
  readonly ramdisk: string;
  /** Where to make the disk. */
  readonly disk: string;
}

async function runMachine(options: InstallerOptions, runner: Runner, { kernel, ramdisk, disk }: MachineFiles): Promise<void> {
  const { image, progress, signal, consoleLog } = options;
  const release = releaseOf(image.release);
  const { disk: bytes, memory, timeLimit } = image.install.installer!;
  await mkdir(dirname(consoleLog), { recursive: true });
  progress.step(`installing ${release.name} by debian-installer, for at most ${timeLimit} min; its console: ${consoleLog}`);
  await runner.install({
    architecture: machineOf(image),
    release: release.name,
    memory: memory ?? installerMemory(release),
    processors,
    disk: { path: disk, bytes },
    kernel,
    ramdisk,
    commandLine: commandLineOf(image),
    clock: installerClock(release),
    consoleLog,
    limitSeconds: timeLimit * 60,
    progress,
    signal,
  });
}

/** `TERM=dumb` keeps the installer out of GNU screen, which would draw over what it says. */
function commandLineOf(image: Image): string {
  const console = serialConsole(machineOf(image));
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
