import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../../host/index.ts';
import { cpio } from '../../../machine/cpio.ts';
import { hostFileSystemTools } from '../../../machine/index.ts';
import type { Check } from '../check.ts';
import { inspect } from './inspect.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const words = ['build-machine-7', '/home/me/workspace'];

async function inspected(files: Readonly<Record<string, string>>, inRamdisk = 'nothing'): Promise<Check[]> {
  const tree = join(folder, 'tree');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    if (content.startsWith('-> ')) await symlink(content.slice(3), join(tree, path));
    else await writeFile(join(tree, path), content);
  }
  const root = join(folder, 'root.ext4');
  await run(hostFileSystemTools.tool('mke2fs', ['-q', '-t', 'ext4', '-d', tree, root, '16M']), { doing: 'test' });
  const ramdisk = join(folder, 'initrd');
  const first = cpio([{ name: 'microcode', mode: 0o100644, content: Buffer.from('none') }]);
  const main = cpio([{ name: 'init', mode: 0o100755, content: Buffer.from(inRamdisk) }]);
  await writeFile(ramdisk, Buffer.concat([first, gzipSync(main)]));
  return inspect({ root, ramdisk, words });
}

it('finds nothing in an image as it must be', async () => {
  const checks = await inspected({ 'etc/machine-id': '', 'etc/ssh/sshd_config': 'Port 22\n', 'var/log/lastlog': '' });
  expect(checks.map(({ ok }) => ok)).toEqual([true, true, true, true]);
});

it('names what must not be there, and where', async () => {
  const checks = await inspected(
    {
      'etc/machine-id': '7be19eae0bcfcbd6a7b433708be2ef02\n',
      'etc/ssh/ssh_host_rsa_key': 'secret',
      'var/log/dpkg.log': 'installed',
      'root/.bash_history': 'ls',
      'etc/hosts': `127.0.0.1 localhost ${'x'.repeat(5000)} build-machine-7\n`,
      'usr/lib/build-machine-7.conf': '',
      'usr/lib/link': '-> /home/me/workspace/dist/a/library/that/is/far/longer/than/an/inode/has/room/for',
    },
    'made in /home/me/workspace',
  );
  expect(checks.map(({ ok, value }) => [ok, value])).toEqual([
    [false, '/etc/ssh/ssh_host_rsa_key'],
    [false, '7be19eae0bcfcbd6a7b433708be2ef02'],
    [false, '/root/.bash_history (history), /var/log/dpkg.log (logs)'],
    [
      false,
      '/etc/hosts has build-machine-7, /usr/lib/build-machine-7.conf: its name has build-machine-7, /usr/lib/link has /home/me/workspace, the ramdisk has /home/me/workspace',
    ],
  ]);
});
