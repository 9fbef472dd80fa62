import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Failure } from '@nx-debian-image/report';

/** Whether this process is root, and so needs no user namespace to be root of a build. */
export const isRoot = (): boolean => process.getuid?.() === 0;

/** Bytes of memory that new work may take, as the kernel estimates it (proc(5), MemAvailable). */
export async function availableMemory(): Promise<number> {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

/** Fails as `missing-tool` where a plain user has no subordinate ids, without which no tree with many owners can be made. */
export async function requireSubordinateIds(): Promise<void> {
  if (isRoot()) return;
  const id = String(process.getuid?.());
  const user = userName() ?? id;
  for (const file of ['/etc/subuid', '/etc/subgid']) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const owners = new Set(text.split('\n').map((line) => line.split(':')[0]));
    if (owners.has(user) || owners.has(id)) continue;
    throw new Failure('missing-tool', `${user} has no subordinate ids in ${file}`, {
      hint: `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}`,
    });
  }
}

/** The name of this user; a container may run one that has none. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
