import { Failure } from '@nx-debian-image/report';
import { type Command, command, printable, run, type RunOptions } from '../../host/index.ts';
import { explainVirsh } from './words.ts';

/** A virtualisation host, and where on it a machine has its disk and its network. */
export interface LibvirtHost {
  /** As virsh takes it: `qemu:///system`, `qemu+ssh://host/system`. */
  readonly connect: string;
  /** A storage pool that is a folder. */
  readonly pool: string;
  /** A network of libvirt, or `userNetwork`. */
  readonly network: string;
}

/** Stands for the network that QEMU has by itself, which needs no rights and no other program. */
export const userNetwork = 'user';

/** Where image.json names no network: a session may use none of the host's. */
export function usualNetwork(connect: string): string {
  return new URL(connect).pathname.endsWith('/session') ? userNetwork : 'default';
}

/** Whether it is the machine that this process runs on: no host is named (libvirt's documentation, Connection URIs). */
export function isThisMachine({ connect }: LibvirtHost): boolean {
  return new URL(connect).host === '';
}

/** What virsh and its ssh find a session's socket and keys by. */
const variables = ['XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'SSH_AUTH_SOCK', 'LIBVIRT_AUTH_FILE'];

/** A call of virsh. By ssh nobody is asked for a password or a new host's key: that would wait for ever. */
export function virshCommand({ connect }: LibvirtHost, args: readonly string[], environment = process.env): Command {
  const url = new URL(connect);
  if (url.protocol.includes('ssh') && !url.searchParams.has('no_tty')) url.searchParams.set('no_tty', '1');
  const env = Object.fromEntries(variables.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
  return command('virsh', ['-c', url.href, ...args], { env });
}

/** Has virsh do something and gives what it says. Fails as `explainVirsh` tells, as `missing-tool` without virsh, else as `run` does. */
export async function virsh(host: LibvirtHost, args: readonly string[], options: RunOptions): Promise<string> {
  const call = virshCommand(host, ['--quiet', ...args]);
  try {
    return (await run(call, { explain: (said) => explainVirsh(said, options.doing, host, call), ...options })).stdout;
  } catch (error) {
    if (!(error instanceof Failure && error.reason === 'missing-tool')) throw error;
    throw new Failure('missing-tool', error.message, { where: printable(call), hint: 'Install the package libvirt-clients.' });
  }
}
