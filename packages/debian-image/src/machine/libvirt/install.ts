import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '@nx-debian-image/report';
import type { Accelerator } from '../accelerator.ts';
import { cancelled } from '../guest.ts';
import type { InstallationOptions } from '../installer/install.ts';
import { InstallationWatch } from '../installer/watch.ts';
import { chooseLibvirtAccelerator } from './accelerator.ts';
import { domainXml, type DomainParts } from './domain.ts';
import { DomainConsole } from './domain-console.ts';
import type { LibvirtHost } from './host.ts';
import { endDomain } from './leftovers.ts';
import { machineName } from './names.ts';
import { downloadVolume, makeVolume, removeVolume, uploadVolume } from './volumes.ts';

export interface LibvirtInstallationOptions extends Omit<InstallationOptions, 'disks' | 'privateKey' | 'network'> {
  readonly host: LibvirtHost;
  /** The name of the image, for what is made on the host. */
  readonly image: string;
  readonly kernel: string;
  readonly ramdisk: string;
  readonly commandLine: string;
  /** Where to bring the installed disk, a qcow2, and its size in bytes; its folder takes what is only for the machine. */
  readonly disk: { readonly path: string; readonly bytes: number };
}

/** As for QEMU here, with time for a host far away. */
const kvmFirstWordSeconds = 30;
const pollMs = 200;

/**
 * Does on a virtualisation host what `runInstaller` does here, and brings the disk. Gives what carried out the guest's instructions. Fails
 * alike, and as `explainVirsh` tells. Nothing is left on the host, not even where this is cancelled; of a killed process, see `removeLibvirtLeftovers`.
 */
export async function installOnHost(options: LibvirtInstallationOptions): Promise<Accelerator> {
  const { host, disk, progress, signal } = options;
  const doing = signal === undefined ? {} : { signal };
  const name = await machineName(options.image);
  const volumes = { disk: `${name}.qcow2`, kernel: `${name}.linux`, ramdisk: `${name}.initrd` };
  try {
    const accelerator = options.accelerator ?? (await chooseLibvirtAccelerator(host, options, signal));
    const paths = {
      disk: await makeVolume(host, volumes.disk, disk.bytes, 'qcow2', doing),
      kernel: await uploadVolume(host, volumes.kernel, options.kernel, doing),
      ramdisk: await uploadVolume(host, volumes.ramdisk, options.ramdisk, doing),
    };
    const used = await runDomain(options, { ...partsOf(options), ...paths, name }, accelerator);
    progress.step(`fetching the disk from ${host.connect}`);
    await downloadVolume(host, volumes.disk, disk.path, doing);
    return used;
  } finally {
    await Promise.all(Object.values(volumes).map((volume) => tidily(removeVolume(host, volume), volume, options)));
  }
}

function partsOf(options: LibvirtInstallationOptions): Omit<DomainParts, 'name' | 'disk' | 'kernel' | 'ramdisk' | 'accelerator'> {
  const { host, clock, architecture, release, memory, processors, commandLine } = options;
  const clockOffset = clock === undefined ? 0 : Math.round((clock.getTime() - Date.now()) / 1000);
  return {
    architecture,
    ...(release === undefined ? {} : { release }),
    memory,
    processors,
    commandLine,
    network: host.network,
    clockOffset,
  };
}

/** Where KVM was chosen and the guest says nothing, or its QEMU ends, it is started again without, as `startMachine` does. */
async function runDomain(
  options: LibvirtInstallationOptions,
  parts: Omit<DomainParts, 'accelerator'>,
  accelerator: Accelerator,
): Promise<Accelerator> {
  const { host, disk, consoleLog, progress, signal } = options;
  progress.note(accelerator.why);
  if (signal?.aborted) throw cancelled();
  const watch = new InstallationWatch(options);
  const xml = join(dirname(disk.path), 'domain.xml');
  await writeFile(xml, domainXml({ ...parts, accelerator: accelerator.name }));
  const console = new DomainConsole(host, { xml, consoleLog, onOutput: (chunk) => watch.hear(chunk) });
  try {
    const trouble = accelerator.name === 'tcg' ? undefined : await troubleWithKvm(console, options);
    if (trouble === undefined) {
      await watch.untilDone(console);
      return accelerator;
    }
    progress.warn(`KVM does not work on ${host.connect} (${trouble}); going on with the software processor, which is slower`);
    accelerator = { name: 'tcg', why: `software processor (TCG): KVM does not work there (${trouble})` };
  } catch (error) {
    throw console.failure() ?? error;
  } finally {
    await tidily(endDomain(host, parts.name), parts.name, options);
    await console.stop();
  }
  return runDomain(options, parts, accelerator);
}

/** Why a guest that KVM should carry out does not run; undefined where it does, or where there are other words for what is wrong. */
async function troubleWithKvm(console: DomainConsole, options: LibvirtInstallationOptions): Promise<string | undefined> {
  const { firstWordSeconds = kvmFirstWordSeconds } = options;
  const limit = Date.now() + firstWordSeconds * 1000;
  while (!console.spoken && !console.gone && !options.signal?.aborted && Date.now() < limit) await sleep(pollMs);
  if (console.spoken || options.signal?.aborted) return undefined;
  if (!console.gone) return `the guest said nothing within ${firstWordSeconds} s`;
  return console.failure()?.reason === 'command-failed' ? 'QEMU ended at once' : undefined;
}

/** What cannot be removed is for the next build, and hides no failure. */
async function tidily(removal: Promise<void>, name: string, { host, progress }: { host: LibvirtHost; progress: Progress }): Promise<void> {
  try {
    await removal;
  } catch (error) {
    progress.warn(`${name} stays on ${host.connect} until the next build: ${error instanceof Error ? error.message : String(error)}`);
  }
}
