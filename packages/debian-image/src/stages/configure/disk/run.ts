import { readFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ArtifactDraft, Descriptor } from '@nx-debian-image/artifact-store';
import { Failure, formatBytes } from '@nx-debian-image/report';
import { ramdiskTool } from '../../../debian/ramdisk.ts';
import { releaseOf } from '../../../debian/releases.ts';
import { qcow2Type } from '../../../disk/chain.ts';
import { type Command, run } from '../../../host/index.ts';
import { requireRoom } from '../../../host/room.ts';
import { earlyRamdisk } from '../../../machine/inside/early.ts';
import { runInside } from '../../../machine/inside/run.ts';
import { insideScript } from '../../../machine/inside/script.ts';
import { assetsFolder, treeEnvironment } from '../../../rootfs/tree.ts';
import { growth, scriptName, stageAssets } from '../assets.ts';
import { scriptFailure } from '../failure.ts';
import { planFiles, planScripts } from '../files.ts';
import { listen } from '../listen.ts';
import { renderScript } from '../script.ts';
import { type BootedFrom, takeBootFiles } from './boot.ts';
import type { ConfigureDiskOptions } from './options.ts';
import { deltaCommand, diskMachine, filesCommand, filesDevice, planDiskScript, rootDevice } from './plan.ts';

/** The script that runs the other, among the files of the run. */
const insideName = 'inside.sh';

/**
 * Configures the system that the installer has put on a disk: the steps of the bootstrap way, run inside it in a machine without network
 * that boots its own kernel. Leaves `changes.qcow2`, what differs from the disk. Failures: those of `takeBootFiles`, `runInside` and
 * `scriptFailure`, `no-space`.
 */
export async function configureDisk(options: ConfigureDiskOptions): Promise<ArtifactDraft> {
  const { image, disk, epoch, store, progress } = options;
  const scratch = await store.scratch();
  try {
    const path = store.blobPath(disk.digest);
    // a copy to look into, which goes before the system begins to write
    await requireRoom(scratch.folder, Math.max((await stat(path)).size, growth), `configuring ${image.name}`);
    const booted = await takeBootFiles(path, scratch.folder, options);
    const files = await stageFiles(options, booted, scratch.folder);
    const changes = join(scratch.folder, 'changes.qcow2');
    const act = (command: Command): Promise<unknown> => run(command, { doing: 'making disks', signal: options.signal });
    await act(deltaCommand(changes, booted.diskBytes));
    const tar = join(scratch.folder, 'files.tar');
    await act(filesCommand(files, tar));
    const changed = await runIn(options, { ...booted, scratch: scratch.folder, path, changes, tar });
    progress.note(`changed ${formatBytes(changed.size)} of the disk`);
    const config = { release: image.release, architecture: image.arch, epoch, method: 'installer', layers: [disk, changed] };
    return { stage: 'configure', config, blobs: [{ name: 'changes.qcow2', descriptor: changed }] };
  } finally {
    await scratch.dispose();
  }
}

/** Lays out the script and all that it runs or puts in, and gives the folder. */
async function stageFiles({ image, epoch }: ConfigureDiskOptions, { partition, uuid }: BootedFrom, scratch: string): Promise<string> {
  const release = releaseOf(image.release);
  const files = await planFiles(image);
  const script = planDiskScript(image, { release, ramdisk: ramdiskTool(release, image.packages), disk: { rootUuid: uuid } }, files);
  const staged = [...files.flatMap((entry) => (entry.staged === undefined ? [] : [entry.staged])), ...planScripts(image)];
  const folder = join(scratch, 'assets');
  await stageAssets(renderScript(script), staged, folder);
  const inside = insideScript({
    folder: assetsFolder,
    script: scriptName,
    environment: treeEnvironment(epoch),
    hostname: image.hostname,
    root: { device: rootDevice(partition), uuid },
  });
  await writeFile(join(folder, insideName), inside);
  return folder;
}

interface Machinery extends BootedFrom {
  readonly scratch: string;
  /** The installed disk. */
  readonly path: string;
  readonly changes: string;
  readonly tar: string;
}

/** Runs the script in the machine and gives what changed. */
async function runIn(options: ConfigureDiskOptions, machinery: Machinery): Promise<Descriptor> {
  const { image, epoch, store, progress, signal } = options;
  const { kernel, ramdisk, partition, scratch, path, changes, tar } = machinery;
  const early = earlyRamdisk({ root: rootDevice(partition), files: filesDevice, folder: assetsFolder, script: insideName });
  await writeFile(ramdisk, Buffer.concat([early, await readFile(ramdisk)]));
  const parts = diskMachine(image, {
    disk: path,
    changes,
    files: tar,
    fileBytes: (await stat(tar)).size,
    kernel,
    ramdisk,
    processors: Math.min(availableParallelism(), 4),
    epoch,
  });
  progress.step('starting the installed system without its services');
  const consoleLog = join(scratch, 'console.log');
  const { onLine, markers, said } = listen(progress);
  const put = (): Promise<Descriptor> => store.putFile(changes, { mediaType: qcow2Type });
  const keep = async (): Promise<string> => {
    const kept = { changes: await put(), console: await store.putFile(consoleLog, { mediaType: 'text/plain' }) };
    return options.keepFailed([options.disk, kept.changes], kept.console);
  };
  const accelerator = options.accelerator === undefined ? {} : { accelerator: options.accelerator };
  const status = await runInside({ ...parts, ...accelerator, consoleLog, progress, signal, onLine }).catch(async (error: unknown) => {
    // where this machine is full there is no room to keep anything
    if (!(error instanceof Failure) || error.where !== consoleLog || error.reason === 'no-space') throw error;
    const hint = [error.hint, await keep()].filter(Boolean).join(' ');
    throw new Failure(error.reason, error.message, { hint, ...(error.said ? { said: error.said } : {}) });
  });
  if (status === 0) return put();
  const room = 'The disk of the installed system is full: have the installer make a larger one.';
  throw scriptFailure({ status, markers, said, look: `Look at the disk as it stood: ${await keep()}`, room });
}
