import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { directory, file, randomNumbers, withFolder, writeTar } from '../testing/tar.ts';
import { checksum } from './tar-header.ts';
import { indexTar } from './tar-index.ts';

const long = `usr/${'directory/'.repeat(30)}file`;
const entries = [
  directory('./'),
  { ...file('./bin/a', 'x'.repeat(5000)), mode: 0o4755, pax: { 'SCHILY.xattr.user.k': 'v' } },
  { name: './bin/b', type: 'link' as const, linkname: './bin/a' },
  { name: 'vmlinuz', type: 'symlink' as const, linkname: 'boot/../x' },
  { name: 'dev/null', type: 'character-device' as const, devmajor: 1, devminor: 3 },
  file(long, Buffer.concat([Buffer.alloc(4096), Buffer.from('data'), Buffer.alloc(9000)])),
];

it('finds every entry, its bytes, attributes and zeros', () =>
  withFolder(async (folder) => {
    const index = indexTar(await writeTar(join(folder, 'a.tar'), entries));
    const bytes = await readFile(index.file);
    expect(index.entries.map(({ path, type, size, target }) => [path, type, size, target])).toEqual([
      ['', 'directory', 0, ''],
      ['bin/a', 'file', 5000, ''],
      ['bin/b', 'link', 0, 'bin/a'],
      ['vmlinuz', 'symlink', 0, 'boot/../x'],
      ['dev/null', 'character', 0, ''],
      [long, 'file', 13_100, ''],
    ]);
    const [root, a, , , , last] = index.entries;
    expect(a!.start).toBe(root!.end);
    expect(a!.header).toBeGreaterThan(a!.start);
    expect(a!.records.get('SCHILY.xattr.user.k')).toBe('v');
    expect(bytes.toString('latin1', a!.data, a!.data + a!.size)).toBe('x'.repeat(5000));
    expect(last!.zeros).toEqual({ blocks: 1, runs: 1 });
    expect(last!.end).toBe(bytes.length - 1024);
  }));

/** A GNU header, its size in base 256, a time where ustar has the prefix. */
function gnuHeader(name: string, flag: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block[124] = 0x80;
  block.writeUInt32BE(size, 132);
  block.write(flag, 156);
  block.write('ustar  \0', 257);
  block.write('14371430000', 345);
  block.write(`${checksum(block).toString(8)}\0`, 148);
  return block;
}

it('reads long names, base-256 sizes and no prefix of GNU headers', () =>
  withFolder(async (folder) => {
    const name = Buffer.alloc(512);
    name.write(`./${long}\0`);
    const path = join(folder, 'gnu.tar');
    await writeFile(
      path,
      Buffer.concat([
        gnuHeader('././@LongLink', 'L', long.length + 3),
        name,
        gnuHeader('cut', '0', 600),
        Buffer.alloc(1024, 'x'),
        gnuHeader('short', '0', 0),
      ]),
    );
    expect(indexTar(path).entries.map((entry) => [entry.path, entry.size])).toEqual([
      [long, 600],
      ['short', 0],
    ]);
  }));

it.each([
  ['ends within an entry', (bytes: Buffer) => bytes.subarray(0, 3000)],
  ['no valid header', (bytes: Buffer) => Buffer.concat([Buffer.from('x'), bytes.subarray(1)])],
  ['no valid header', () => Buffer.from('a text file, and not a long one')],
])('says that %s', (what, damage) =>
  withFolder(async (folder) => {
    const path = await writeTar(join(folder, 'a.tar'), entries);
    await writeFile(path, damage(await readFile(path)));
    expect(() => indexTar(path)).toThrow(
      expect.objectContaining({ reason: 'invalid', message: expect.stringContaining(what) as string }) as Error,
    );
  }),
);

it.each(['../x', 'a/../../x'])('refuses the path %s', (name) =>
  withFolder(async (folder) => {
    const path = await writeTar(join(folder, 'a.tar'), [file(name)]);
    expect(() => indexTar(path)).toThrow('leads out of the tree');
  }),
);

/** What comes of some bytes: entries, all within them, or a Failure. */
async function outcome(path: string, bytes: Buffer): Promise<string> {
  await writeFile(path, bytes);
  try {
    return indexTar(path).entries.every(({ end }) => end <= bytes.length) ? 'entries' : 'outside';
  } catch (error) {
    return error instanceof Failure ? 'failure' : String(error);
  }
}

it('gives entries or a Failure, never something else, for damaged bytes', () =>
  withFolder(async (folder) => {
    const path = await writeTar(join(folder, 'a.tar'), entries);
    const sound = await readFile(path);
    const random = randomNumbers(7);
    const outcomes = new Set<string>();
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(sound);
      for (let change = 0; change < 3; change += 1) {
        const block = bytes.subarray(Math.floor(random() * 12) * 512).subarray(0, 512);
        block[Math.floor(random() * 512)] = Math.floor(random() * 256);
        // Half of them with a right checksum, so that what comes after it is reached.
        if (random() < 0.5) block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
      }
      outcomes.add(await outcome(path, bytes));
    }
    expect([...outcomes].toSorted()).toEqual(['entries', 'failure']);
  }));
