import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { command, isRoot, run } from '../host/index.ts';

/** Where the kernel tells which programs it starts by another program (Documentation/admin-guide/binfmt-misc.rst). */
const registrations = '/proc/sys/fs/binfmt_misc';

/** The names of QEMU's programs for one user's processes, by Debian's architecture. */
const emulators: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  armhf: 'arm',
  armel: 'arm',
  i386: 'i386',
  ppc64el: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loongarch64',
};

/** What is known of a registration. */
export interface Registration {
  /** Whether the kernel's list of them can be read at all. */
  readonly mounted: boolean;
  /** The text of the entry; undefined where there is none. */
  readonly entry: string | undefined;
}

/**
 * Why programs of a foreign architecture would not run in a tree, as Failure `missing-tool`; undefined where they do. Flag F has the kernel
 * hold the emulator open, so that it need not be in the tree.
 */
export function judgeRegistration(architecture: string, { mounted, entry }: Registration): Failure | undefined {
  const name = `qemu-${emulators[architecture] ?? architecture}`;
  const told = (why: string, hint: string): Failure =>
    new Failure('missing-tool', `programs of ${architecture} do not run here: ${why}`, { where: `${registrations}/${name}`, hint });
  if (!mounted) {
    return told('binfmt_misc is not mounted', `As root: mount -t binfmt_misc binfmt_misc ${registrations}; in a container, on its host.`);
  }
  const register = `cat /usr/lib/binfmt.d/${name}.conf >${registrations}/register`;
  if (entry === undefined && architecture === 'i386') {
    return told(
      'its kernel was made or started without 32-bit programs',
      'Start it with ia32_emulation=on, build on another machine, or have QEMU run them: docs/debugging.md says how.',
    );
  }
  if (entry === undefined) {
    return told(
      `${name} is not registered`,
      `Install the package qemu-user-static (qemu-user-binfmt from trixie on), which registers it; in a container do that on its host, or as root: ${register}`,
    );
  }
  if (!entry.startsWith('enabled')) return told(`${name} is disabled`, `As root: echo 1 >${registrations}/${name}`);
  if (!/^flags: .*F/m.test(entry)) {
    return told(
      `${name} is registered without the flag F, so it is not found inside a tree`,
      `As root: echo -1 >${registrations}/${name}, then with the package qemu-user-static (qemu-user-binfmt from trixie on): ${register}`,
    );
  }
  return undefined;
}

/** Fails as `missing-tool` where this machine runs programs of the architecture neither itself nor by QEMU. */
export async function requirePrograms(architecture: string, host: string, signal: AbortSignal): Promise<void> {
  if (architecture === host) return;
  const registration = await readRegistration(`qemu-${emulators[architecture] ?? architecture}`, signal);
  // amd64 runs i386 itself, where its kernel is not told otherwise
  if (architecture === 'i386' && host === 'amd64' && registration.entry === undefined && (await starts(smallestOfI386, signal))) return;
  const failure = judgeRegistration(architecture, registration);
  if (failure) throw failure;
}

/** A container often has the list not mounted although the kernel has it: root looks at it in a mount namespace of its own. */
async function readRegistration(name: string, signal: AbortSignal): Promise<Registration> {
  const read = (file: string): Promise<string | undefined> => readFile(`${registrations}/${file}`, 'utf8').catch(() => undefined);
  if ((await read('status')) !== undefined) return { mounted: true, entry: await read(name) };
  if (!isRoot()) return { mounted: false, entry: undefined };
  const script = `mount -t binfmt_misc binfmt_misc ${registrations} || exit 3\ncat "${registrations}/$1" || exit 4`;
  const look = command('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, 'look', name]);
  const { status, stdout } = await run(look, { doing: 'looking for foreign programs', signal, accept: [3, 4] });
  return { mounted: status !== 3, entry: status === 0 ? stdout : undefined };
}

/** A program of i386 that ends well: ELF header, one segment of all its bytes at 0x8048000, and the code of exit(0) (elf(5)). */
const smallestOfI386 = Buffer.from(
  [
    '7f454c46010101000000000000000000 02000300 01000000 54800408 34000000 00000000 00000000 3400 2000 0100 0000 0000 0000',
    '01000000 00000000 00800408 00800408 5d000000 5d000000 05000000 00100000',
    'b801000000 31db cd80',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

/** Whether the kernel starts a program. */
async function starts(program: Buffer, signal: AbortSignal): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'program-'));
  try {
    const file = join(folder, 'program');
    await writeFile(file, program, { mode: 0o755 });
    await run(command(file, []), { doing: 'trying a program of i386', signal });
    return true;
  } catch (error) {
    if (error instanceof Failure && ['missing-tool', 'command-failed'].includes(error.reason)) return false;
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}
