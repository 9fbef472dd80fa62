import type { Progress } from '@nx-debian-image/report';
import { command, run } from '../../../host/index.ts';
import type { Image } from '../../../image/index.ts';
import { type MachineParts, runInstaller, seenByGuest } from '../../../machine/index.ts';
import { type LibvirtHost, usualNetwork } from '../../../machine/libvirt/host.ts';
import { installOnHost } from '../../../machine/libvirt/install.ts';
import { removeLibvirtLeftovers } from '../../../machine/libvirt/leftovers.ts';
import { seenByLibvirtGuest } from '../../../machine/libvirt/reach.ts';
import { requireHost } from '../../../machine/libvirt/require.ts';

/** The machine of an installation. */
interface Installation extends Omit<MachineParts, 'disks' | 'network' | 'reboot'> {
  readonly kernel: string;
  readonly ramdisk: string;
  readonly commandLine: string;
  /** Where to leave the installed disk, a qcow2, and its size in bytes. */
  readonly disk: { readonly path: string; readonly bytes: number };
  readonly consoleLog: string;
  readonly limitSeconds: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What runs the machine of an installation: QEMU here, or a virtualisation host. The installed disk is the same. */
export interface Runner {
  /** Makes sure that it can be used, before anything is fetched. */
  prepare(progress: Progress, signal: AbortSignal): Promise<void>;
  /** An address as its guest must call it; fails as `unreachable` for one that it cannot reach. */
  seen(address: string): string;
  install(installation: Installation): Promise<void>;
}

/** What image.json chooses; for other images than those of debian-installer a bug. */
export function runnerOf({ name, install }: Image): Runner {
  const { runner, disk } = install.installer!;
  if (runner === undefined) return qemu;
  const { connect, pool, network = usualNetwork(connect) } = runner.libvirt;
  return libvirt(name, { connect, pool, network }, disk);
}

const qemu: Runner = {
  async prepare() {},
  seen: seenByGuest,
  async install({ disk, ...machine }) {
    const args = ['create', '-q', '-f', 'qcow2', disk.path, String(disk.bytes)];
    await run(command('qemu-img', args), { doing: 'making an empty disk', signal: machine.signal });
    await runInstaller({ ...machine, disks: [{ path: disk.path, format: 'qcow2' }] });
  },
};

function libvirt(image: string, host: LibvirtHost, bytes: number): Runner {
  return {
    async prepare(progress, signal) {
      await requireHost(host, bytes, signal);
      await removeLibvirtLeftovers(host, progress, signal);
    },
    seen: (address) => seenByLibvirtGuest(host, address),
    install: async (installation) => void (await installOnHost({ ...installation, host, image })),
  };
}
