import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { command, run } from '../../host/index.ts';
import { cpio } from '../cpio.ts';

/** The modules for a disk by virtio. */
const modulesOfDisk = ['virtio_pci', 'virtio_blk'];

/** What the tiny guest does is the word `does=` on its command line. */
const init = (modules: readonly KernelModule[]): string => `#!/bin/busybox sh
/bin/busybox mkdir -p /proc
/bin/busybox mount -t proc proc /proc
case "$(/bin/busybox cat /proc/cmdline)" in
  *does=login*) printf '\\nDebian GNU/Linux 12 tiny ttyS0\\n\\ntiny login: '; read line; echo "heard $line"; /bin/busybox poweroff -f ;;
  *does=shell*)
    root=$(/bin/busybox sed -n 's/.*root=\\([^ ]*\\).*/\\1/p' /proc/cmdline)
    echo "ALERT!  \${root:-/dev/vda} does not exist.  Dropping to a shell!"
    PS1='(initramfs) ' exec /bin/busybox sh -i ;;
  *does=reboot*) exec /bin/busybox reboot -f ;;
  *does=panic*) exit 1 ;;
  *does=install*) printf 'Installing the base system  ... 6%%... 55%%... 100%%\\n'; /bin/busybox poweroff -f ;;
  *does=write*)
    /bin/busybox mount -t devtmpfs dev /dev
    for name in ${modules.map(({ name }) => name).join(' ')}; do /bin/busybox insmod "/$name.ko"; done
    echo installed >/dev/vda
    /bin/busybox sync
    printf 'Installing the base system  ... 6%%... 55%%... 100%%\\n'
    /bin/busybox poweroff -f
    ;;
  *does=ask*) printf 'Set up users and passwords\\n-----\\n\\nRoot password:\\n'; exec /bin/busybox sleep 1000 ;;
  *) exec /bin/busybox sleep 1000 ;;
esac
`;

export interface TinyGuest {
  readonly kernel: string;
  readonly ramdisk: string;
}

/** Debian's cloud kernel with its modules, and a busybox that needs no libraries. */
export interface GuestPackages {
  /** The folder that they are unpacked in. */
  readonly tree: string;
  readonly kernel: string;
  readonly busybox: Buffer;
}

/** Unpacks the packages of a tiny guest and some more, which apt downloads into the folder; nothing is installed. */
export async function unpackGuestPackages(folder: string, more: readonly string[] = []): Promise<GuestPackages> {
  const doing = 'making a tiny guest';
  const { stdout } = await run(command('apt-cache', ['depends', 'linux-image-cloud-amd64']), { doing });
  const image = /Depends: (linux-image-\S+)/.exec(stdout)?.[1] ?? 'linux-image-cloud-amd64';
  await run(command('apt-get', ['download', '-q', image, 'busybox-static', ...more], { cwd: folder }), { doing });
  const files = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
  return unpackGuest(
    files.map((name) => join(folder, name)),
    join(folder, 'tree'),
  );
}

/** Unpacks a kernel and a busybox of any architecture, and what else the files hold, into a folder. */
export async function unpackGuest(files: readonly string[], tree: string): Promise<GuestPackages> {
  for (const file of files) await run(command('dpkg-deb', ['-x', file, tree]), { doing: 'making a tiny guest' });
  const kernel = (await readdir(join(tree, 'boot'))).find((name) => name.startsWith('vmlinuz'));
  // usr/bin from trixie on
  const program = await readFile(join(tree, 'bin/busybox')).catch(() => readFile(join(tree, 'usr/bin/busybox')));
  return { tree, kernel: join(tree, 'boot', kernel ?? 'vmlinuz'), busybox: program };
}

export interface KernelModule {
  readonly name: string;
  readonly content: Buffer;
}

/** Modules of a kernel, each after those that it needs, as it says itself (`depends=` of .modinfo): a new version may need others. */
export async function modulesInOrder(tree: string, wanted: readonly string[]): Promise<KernelModule[]> {
  const folder = join(tree, 'lib/modules');
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ko'));
  const found = new Map<string, KernelModule>();
  const add = async (name: string): Promise<void> => {
    const path = paths.find((each) => basename(each, '.ko') === name);
    if (found.has(name) || path === undefined) return;
    const content = await readFile(join(folder, path));
    const needed = /\0depends=([\w,]*)\0/.exec(content.toString('latin1'))?.[1] ?? '';
    for (const other of needed.split(',')) await add(other);
    found.set(name, { name, content });
  };
  for (const name of wanted) await add(name);
  return [...found.values()];
}

/** That kernel and an initramfs of that busybox. */
export async function makeTinyGuest(folder: string): Promise<TinyGuest> {
  const { tree, kernel, busybox } = await unpackGuestPackages(folder);
  const modules = await modulesInOrder(tree, modulesOfDisk);
  const ramdisk = join(folder, 'initramfs');
  const files = [
    { name: 'bin', mode: 0o040755 },
    { name: 'dev', mode: 0o040755 },
    { name: 'dev/console', mode: 0o020600, device: [5, 1] as const },
    { name: 'bin/busybox', mode: 0o100755, content: busybox },
    { name: 'init', mode: 0o100755, content: Buffer.from(init(modules)) },
    ...modules.map(({ name, content }) => ({ name: `${name}.ko`, mode: 0o100644, content })),
  ];
  await writeFile(ramdisk, cpio(files));
  return { kernel, ramdisk };
}
