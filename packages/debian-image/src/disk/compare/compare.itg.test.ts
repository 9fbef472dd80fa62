import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { withFolder } from '../testing/tar.ts';
import { testTools } from '../testing/tools.ts';
import { fileOfByte } from './file-of-block.ts';
import { compareRamdisks } from './ramdisks.ts';

/** An archive in the kernel's form, as busybox's cpio writes it. */
function cpio(folder: string, files: Readonly<Record<string, string>>): Buffer {
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const input = Object.keys(files).join('\n');
  return execFileSync('busybox', ['cpio', '-o', '-H', 'newc', '-R', '0:0'], { cwd: folder, input, stdio: ['pipe', 'pipe', 'ignore'] });
}

const zstd = (bytes: Buffer): Buffer => execFileSync('zstd', ['-qc'], { input: bytes });

it('names the member in which two initial ramdisks differ, behind an archive that is not compressed', async () => {
  await withFolder(async (folder) => {
    const early = Buffer.concat([cpio(join(folder, 'early'), { microcode: 'm' }), Buffer.alloc(512)]);
    const write = (name: string, bytes: Buffer) => {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      return { file, start: 0, size: bytes.length };
    };
    const archive = cpio(join(folder, 'main'), { init: '#!/bin/sh\n', fstab: '/dev/vda\n' });
    const changed = Buffer.from(archive);
    changed.write('/dev/sda', changed.indexOf('/dev/vda'));
    const one = write('one', Buffer.concat([early, zstd(archive)]));
    const two = write('two', Buffer.concat([early, gzipSync(changed)]));
    expect(await compareRamdisks(one, two)).toBe('fstab (its content)');
    const same = write('same', Buffer.concat([early, gzipSync(archive)]));
    expect(await compareRamdisks(one, same)).toBeUndefined();
  });
});

it('finds the file of a byte of an ext4', async () => {
  await withFolder(async (folder) => {
    const [image, tree] = [join(folder, 'root.ext4'), join(folder, 'tree')];
    mkdirSync(tree);
    writeFileSync(join(tree, 'words'), 'a word that stands nowhere else'.padEnd(5000, '.'));
    writeFileSync(image, '');
    truncateSync(image, 8 << 20);
    const { program, args } = testTools().tool('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', '-d', tree, image]);
    execFileSync(program, args);
    const byte = readFileSync(image).indexOf('a word that stands');
    expect(await fileOfByte(testTools(), image, byte + 10, 4096)).toBe('/words');
    expect(await fileOfByte(testTools(), image, 1024, 4096)).toBeUndefined();
    expect(statSync(image).size).toBe(8 << 20);
  });
});
