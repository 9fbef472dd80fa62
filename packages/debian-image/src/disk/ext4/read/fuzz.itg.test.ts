import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { readBuffer } from '../../read-at.ts';
import { makeFileSystem } from '../../testing/file-system.ts';
import { directory, file, randomNumbers, withFolder } from '../../testing/tar.ts';
import { contentOf } from './content.ts';
import { openFileSystem } from './file-system.ts';
import { walk } from './walk.ts';
import { entryOf } from './write-tar.ts';

const scattered = Buffer.alloc(800 * 1024);
for (let at = 0; at < scattered.length; at += 2048) scattered.fill('s', at, at + 1024);

const entries = [
  directory('dir'),
  directory('dir/below'),
  directory('many'),
  file('scattered', scattered),
  file('dir/file', 'content'.repeat(300)),
  { name: 'dir/link', type: 'link' as const, linkname: 'dir/file' },
  { name: 'fast', type: 'symlink' as const, linkname: 'x'.repeat(59) },
  { name: 'slow', type: 'symlink' as const, linkname: `/${'directory/'.repeat(30)}` },
  { name: 'device', type: 'block-device' as const, devmajor: 8, devminor: 17 },
  ...Array.from({ length: 60 }, (_, index) => file(`many/a-rather-long-name-of-a-file-${index}`, '')),
];

/** Reads all that there is; how much that is. */
function readAll(bytes: Buffer): number {
  const fileSystem = openFileSystem(readBuffer(bytes), 0, bytes.length);
  let read = 0;
  for (const walked of walk(fileSystem)) {
    read += 1;
    if (walked.inode.type === 'socket') continue;
    const { type } = entryOf(fileSystem, walked);
    if (type === 'file') for (const chunk of contentOf(fileSystem, walked.inode)) read += chunk.bytes.length;
  }
  return read;
}

/** Where the metadata are: what is not zero and not the content of a file. */
function metadataOf(bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = 0; at < bytes.length; at += 1024) {
    const block = bytes.subarray(at, at + 1024);
    if (block.every((byte) => byte === 0 || byte === 0x73)) continue;
    for (let index = 0; index < block.length; index += 1) if (block[index] !== 0) places.push(at + index);
  }
  return places;
}

const rounds = 1500;
/** Values that arithmetic is likely to stumble over. */
const extremes = [0, 1, 0x7f, 0x80, 0xff];

it.each([
  ['ext4', ['-t', 'ext4', '-I', '256', '-O', 'extent,64bit,ext_attr,metadata_csum,dir_index']],
  ['block maps', ['-t', 'ext2', '-I', '128', '-O', 'ext_attr,filetype']],
  ['inline data', ['-t', 'ext4', '-I', '256', '-O', 'extent,ext_attr,inline_data,^has_journal']],
  ['descriptors in their groups', ['-t', 'ext4', '-I', '256', '-g', '256', '-O', 'extent,ext_attr,meta_bg,^resize_inode,^has_journal']],
])('whatever the bytes are, they are read or refused: %s', { timeout: 120_000 }, (_, args) =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'value'), Buffer.alloc(500, 'v'));
    const changes = ['user.small', 'user.large'].map((name) => `ea_set -f ${join(folder, 'value')} /dir/file ${name}`);
    const wish = { args: [...args, '-b', '1024', '-N', '128'], megabytes: 4, entries, changes, hashed: true };
    const sound = await readFile(await makeFileSystem(folder, 'disk', wish));
    const bytes = Buffer.from(sound);
    const whole = readAll(bytes);
    const places = metadataOf(sound);
    const random = randomNumbers(7);
    const below = (limit: number): number => Math.floor(random() * limit);
    let refused = 0;
    let slowest = 0;
    for (let round = 0; round < rounds; round += 1) {
      const changed: number[] = [];
      // half of them in the superblock's fields and the first inodes, where most depends on it
      const near = round % 2 === 0 ? places.length : Math.min(places.length, 600);
      for (let change = 0; change <= below(4); change += 1) {
        const place = places[below(near)]!;
        changed.push(place);
        bytes[place] = random() < 0.5 ? extremes[below(extremes.length)]! : below(256);
      }
      const begin = Date.now();
      try {
        // no more than all there is room for, many times over
        expect(readAll(bytes)).toBeLessThan(200 * whole);
      } catch (error) {
        if (!(error instanceof Failure) || error.reason !== 'invalid') throw error;
        refused += 1;
      }
      for (const place of changed) bytes[place] = sound[place]!;
      slowest = Math.max(slowest, Date.now() - begin);
    }
    expect(refused).toBeGreaterThan(rounds / 20);
    expect(refused).toBeLessThan(rounds);
    expect(slowest).toBeLessThan(5000);
  }),
);
