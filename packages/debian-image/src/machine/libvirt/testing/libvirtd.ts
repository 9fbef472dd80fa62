import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command, isRoot, run } from '../../../host/index.ts';
import { processesNaming } from '../../../host/testing/processes.ts';
import type { LibvirtHost } from '../host.ts';

/** For tests: a real libvirtd whose files, sockets and networks are all in a folder of its own; nothing of this machine's libvirt is seen or touched. */
export interface TestLibvirtd {
  readonly host: LibvirtHost;
  readonly socket: string;
  /** The folder of its storage pool. */
  readonly pool: string;
  /** Ends the daemon at once, and the machines that it would leave behind. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** `system` runs as root and its guests as libvirt-qemu, `session` and its guests as a plain user. */
export type Kind = 'system' | 'session';

/** The kinds that this user can start. */
export const kinds: readonly Kind[] = isRoot() ? ['system', 'session'] : ['session'];

/** Nobody of Debian (base-passwd), for the session of a test that runs as root. */
const nobody = 65_534;

const qemuConfig = 'stdio_handler = "file"\nnamespaces = []\n';
const daemonConfig = 'auth_unix_rw = "none"\nauth_unix_ro = "none"\nlog_outputs = "3:stderr"\n';

/**
 * The daemon of `system` in a mount namespace, where its folders are in memory, the user of its guests exists, and KVM is not there, which some
 * hosts only pretend to have: libvirtd would wait for it.
 */
const inNamespace = `set -e
for each in /run /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
  mkdir -p $each
  mount -t tmpfs tmpfs $each
done
mkdir -p /run/lock
printf '${qemuConfig.replaceAll('\n', String.raw`\n`)}' >/etc/libvirt/qemu.conf
grep -q ^libvirt-qemu: /etc/passwd || {
  { cat /etc/passwd; echo libvirt-qemu:x:64055:64055::/:/bin/false; } >"$1/passwd"
  { cat /etc/group; echo libvirt-qemu:x:64055:; } >"$1/group"
  mount --bind "$1/passwd" /etc/passwd
  mount --bind "$1/group" /etc/group
}
if [ -e /dev/kvm ]; then : >"$1/kvm"; mount --bind "$1/kvm" /dev/kvm; mount -o remount,bind,ro /dev/kvm; fi
exec libvirtd --config "$1/libvirtd.conf" --pid-file "$1/pid"
`;

/** Starts one, with a pool. `folder` must be reachable for everybody; its path short, for a socket's may have 107 characters. */
export async function startLibvirtd(parent: string, kind: Kind): Promise<TestLibvirtd> {
  const folder = await mkdtemp(join(parent, 'd-'));
  await chmod(folder, 0o755);
  const socket = join(folder, 'libvirt-sock');
  const pool = join(folder, 'pool');
  await mkdir(pool);
  await mkdir(join(folder, 'libvirt'));
  await writeFile(join(folder, 'libvirtd.conf'), `${daemonConfig}unix_sock_dir = "${folder}"\n`);
  await writeFile(join(folder, 'libvirt/qemu.conf'), qemuConfig);
  if (kind === 'session' && isRoot()) for (const path of [folder, pool, join(folder, 'libvirt')]) await chown(path, nobody, nobody);
  const child = kind === 'system' ? startSystem(folder) : startSession(folder);
  const said: string[] = [];
  child.stderr?.on('data', (text: Buffer) => said.push(text.toString()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  const kill = async (): Promise<void> => {
    await end('SIGKILL');
    await removeLocks(child.pid!);
    for (const line of await processesNaming(pool)) if (line.includes('qemu-system')) process.kill(Number.parseInt(line, 10), 'SIGKILL');
  };
  const stop = async (): Promise<void> => {
    await end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !existsSync(socket); tries += 1) {
    if (child.exitCode !== null || tries > 600) throw new Error(`libvirtd did not start: ${said.join('')}`);
    await sleep(100);
  }
  const connect = `qemu+unix:///${kind}?socket=${socket}`;
  await run(command('virsh', ['-c', connect, 'pool-create-as', 'pool', 'dir', '--target', pool]), { doing: 'test' });
  return { host: { connect, pool: 'pool', network: 'user' }, socket, pool, kill, stop };
}

/** A daemon that is killed leaves its locks of terminals, and one of another user could not take them over. */
async function removeLocks(pid: number): Promise<void> {
  const locks = '/run/lock';
  for (const name of (await readdir(locks)).filter((each) => each.startsWith('LCK..'))) {
    const path = join(locks, name);
    if (Number.parseInt(await readFile(path, 'utf8'), 10) === pid) await rm(path, { force: true });
  }
}

const tie = ['--pdeathsig', 'KILL'];
const stdio = ['ignore', 'ignore', 'pipe'] as const;

function startSystem(folder: string): ChildProcess {
  const namespace = ['unshare', '--mount', '--propagation', 'private'];
  return spawn('setpriv', [...tie, '--', ...namespace, 'sh', '-c', inNamespace, 'sh', folder], { stdio: [...stdio] });
}

function startSession(folder: string): ChildProcess {
  const user = isRoot() ? ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'] : [];
  const places = { HOME: folder, XDG_RUNTIME_DIR: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder };
  const daemon = ['libvirtd', '--config', join(folder, 'libvirtd.conf'), '--pid-file', join(folder, 'pid')];
  // setpriv of another user forgets the tie, so that it comes last
  return spawn('setpriv', [...user, '--', 'setpriv', ...tie, '--', ...daemon], {
    stdio: [...stdio],
    env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, ...places },
  });
}
