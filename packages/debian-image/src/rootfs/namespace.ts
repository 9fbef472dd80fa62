import { type Command, command } from '../host/index.ts';

/** Where a build inside namespaces works: a file system of its own, gone with the last of its processes. */
export const workMount = '/mnt';

export interface NamespaceOptions {
  /** Whether we are root on this machine; otherwise a user namespace with subordinate ids makes us root of our own. */
  readonly root: boolean;
  /** Bytes of memory that the work may fill, or undefined to work in `scratch` on disk. */
  readonly memoryBytes: number | undefined;
  /** A folder of this run; what the script needs and leaves. */
  readonly scratch: string;
  /** The host name that programs inside see, so that they cannot learn this machine's. */
  readonly hostname: string;
}

/**
 * A script for sh in namespaces of its own: mounts, processes, host name and network, which is none. Its first arguments are used up
 * here; the script sees `args` as "$@". All mounts and processes end with it, even when it is killed.
 */
export function inNamespaces(options: NamespaceOptions, script: string, args: readonly string[]): Command {
  const user = options.root ? [] : ['--map-root-user', '--map-auto'];
  const space = options.memoryBytes === undefined ? 'disk' : String(options.memoryBytes);
  return command('unshare', [
    ...user,
    '--mount',
    '--propagation',
    'private',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    'sh',
    '-euc',
    `${prologue}\n${script}`,
    'inside',
    space,
    options.scratch,
    options.hostname,
    ...args,
  ]);
}

const prologue = `umask 022
mount -t proc proc /proc
hostname "$3"
if [ "$1" = disk ]; then
  mkdir -p "$2/work"
  mount --bind "$2/work" ${workMount}
else
  mount -t tmpfs -o "size=$1,mode=0755" tmpfs ${workMount}
fi
scratch=$2
shift 3`;

/** Removes a folder whose files may belong to subordinate ids, which a plain user cannot delete otherwise. */
export function removeInNamespaces(root: boolean, folder: string): Command {
  return command('unshare', [...(root ? [] : ['--map-root-user', '--map-auto']), 'rm', '-rf', '--one-file-system', '--', folder]);
}
