import { expect, it } from 'vitest';
import { command, run } from '../../host/index.ts';
import { readCpio } from '../../disk/compare/cpio.ts';
import { earlyProgram, earlyRamdisk, earlyScript } from './early.ts';
import { insideScript } from './script.ts';

const early = { root: 'vda1', files: 'vdb', folder: '/run/files', script: 'inside.sh' };
const inside = insideScript({
  folder: '/run/files',
  script: 'configure.sh',
  environment: ['HOME=/root', 'TZ=a b'],
  hostname: 'web',
  root: { device: 'vda1', uuid: '0-1' },
});

it.each([
  ['early', earlyScript(early)],
  ['inside', inside],
])('%s: is what a POSIX shell can read', async (_, script) => {
  await run(command('dash', ['-n']), { doing: 'reading the script', input: script });
  expect(script).not.toMatch(/\[\[|<<<|\bfunction |\bsource |\$'|undefined/);
});

it('mounts the root, unpacks the files and goes on inside', () => {
  const last = `exec "$chroot" "$system" /bin/sh -c 'tar -x -f /dev/vdb -C /run/files && exec /bin/sh /run/files/inside.sh`;
  expect(earlyScript(early)).toContain(`mount -t ext4 -o noatime /dev/vda1 "$system" ||`);
  expect(earlyScript(early)).toContain(last);
});

it('goes before a ramdisk as an archive of its own', () => {
  const archive = earlyRamdisk(early);
  expect(archive.length % 4).toBe(0);
  const { members, rest } = readCpio(Buffer.concat([archive, Buffer.from('ramdisk')]))!;
  expect(members.map(({ path, content }) => [`/${path}`, content.toString()])).toEqual([[earlyProgram, earlyScript(early)]]);
  expect(rest.toString()).toBe('ramdisk');
});

it('gives the script its own variables and no others', () => {
  expect(inside).toContain("env -i HOME=/root 'TZ=a b' /bin/sh /run/files/configure.sh /run/files < /dev/null");
});
