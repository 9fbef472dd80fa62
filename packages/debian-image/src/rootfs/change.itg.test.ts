import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { command, run } from '../host/index.ts';
import { endedLine } from './change.ts';
import { change, type Changed, ownFolder } from './testing/change.ts';
import { identities } from './testing/identities.ts';
import { changeEverything, makeTinyTree, sayTree } from './testing/tiny-tree.ts';

const memory = 64 << 20;
let tree: string;

beforeAll(async () => {
  tree = await makeTinyTree(await ownFolder());
});

const said = ({ lines }: Changed): string[] => lines.filter((line) => line.startsWith('= '));
const statusOf = ({ lines }: Changed): string | undefined => lines.map((line) => endedLine.exec(line)?.[1]).find(Boolean);

describe.each(await identities())('changing a tree as $name', (identity) => {
  it.each([
    ['in memory', memory],
    ['on disk', undefined],
  ])('%s leaves a layer that gives the same tree again', async (_, memoryBytes) => {
    const changed = await change(identity, memoryBytes, [tree], changeEverything + sayTree);
    expect(statusOf(changed)).toBe('0');
    const again = await change(identity, memoryBytes, [tree, changed.layer], sayTree);
    expect(said(again)).toEqual(said(changed));
    // what is read only has not changed, so unpacking has kept all that can be kept
    expect(again.paths).toEqual(['', 'usr/sbin']);
    const whiteouts = changed.paths.filter((path) => path.includes('.wh.'));
    expect(whiteouts.toSorted()).toEqual(
      [
        '.wh.old',
        '.wh.taker',
        'a b/.wh.back\\101slash\\t',
        'a b/.wh.größe $HOME',
        'again/.wh.old',
        'etc/.wh.three',
        'hard/.wh.third',
      ].toSorted(),
    );
    for (const path of ['etc/hostname', 'bin/kept', 'target', 'bin/getcap']) expect(changed.paths).not.toContain(path);
    expect(said(changed)).toContain('= /bin/getcap cap_net_bind_service=ep');
    expect(await times(changed.layer)).toEqual(expect.not.arrayContaining([expect.stringMatching(/^20(2[1-9]|[3-9])|^2020-09-1[4-9]/)]));
  });

  it('keeps the tree as it stood when the script fails', async () => {
    const changed = await change(identity, memory, [tree], 'echo half >/etc/half; echo why; exit 7');
    expect(statusOf(changed)).toBe('7');
    expect(changed.lines).toContain('why');
    expect(changed.paths).toContain('etc/half');
  });

  it('shows and keeps nothing of this machine, and has no network', async () => {
    const server = createServer((socket) => socket.end('reached\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const script = `PATH=$PATH:/bin
      echo "= $(busybox uname -n) $(busybox cat /proc/sys/kernel/hostname)" $(busybox ls /sys/class/net)
      echo "= $(busybox nc -w 2 127.0.0.1 ${port} </dev/null 2>&1)"
      echo "= $(busybox wc -l </proc/mounts) $(busybox ls -d /proc/[0-9]* | busybox wc -l) $(busybox ls /run/debian-image)"
      busybox env | busybox sed 's/^/= /'
      echo changed >/etc/hostname`;
    const changed = await change(identity, memory, [tree], script);
    server.close();
    expect(said(changed)[0]).toBe('= inside inside lo');
    expect(said(changed)[1]).not.toContain('reached');
    expect(said(changed)[2]).toMatch(/^= 1\d [3-6] script\.sh$/);
    expect(
      said(changed)
        .slice(3)
        .filter((line) => /^= (USER|LOGNAME|SUDO|http)/.test(line)),
    ).toEqual([]);
    expect(said(changed)).toContain('= HOME=/root');
    expect(changed.paths).toEqual(['', 'etc/hostname', 'usr/sbin']);
    expect((await readFile(changed.layer)).includes(hostname())).toBe(false);
  });

  it('refuses a file name with a line break', async () => {
    const failing = change(identity, memory, [tree], `echo >'/etc/two\nlines'`);
    await expect(failing).rejects.toMatchObject({ reason: 'command-failed', said: expect.stringContaining('line break') });
  });
});

/** The times in a tar, as `2020-09-13 12:26:40`. */
async function times(tar: string): Promise<string[]> {
  const listing = command('tar', [
    '--list',
    '--verbose',
    '--full-time',
    '--utc',
    '--numeric-owner',
    '--quoting-style=escape',
    '--file',
    tar,
  ]);
  const { stdout } = await run(listing, { doing: 'listing a tar' });
  return stdout.split('\n').flatMap((line) => /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.exec(line)?.[0] ?? []);
}
