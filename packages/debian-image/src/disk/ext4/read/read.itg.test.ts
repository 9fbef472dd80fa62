import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, run } from '../../../host/index.ts';
import { withFile } from '../../read-at.ts';
import type { NewEntry } from '../../layers/tar-entry.ts';
import { digestOf, lookInto, makeFileSystem, type SeenEntry, tool } from '../../testing/file-system.ts';
import { directory, file, randomNumbers, type TestEntry, withFolder } from '../../testing/tar.ts';
import { indexTar } from '../../layers/tar-index.ts';
import { openFileSystem } from './file-system.ts';
import { writeTar } from './write-tar.ts';

const block = 1024;
/** Every other block of zeros, so that it lies in very many extents. */
const scattered = Buffer.alloc(3000 * block);
for (let at = 0; at < scattered.length; at += 2 * block) scattered.fill('scattered', at, at + block);
const random = randomNumbers(5);
const noise = Buffer.from(Array.from({ length: 700_000 }, () => Math.floor(random() * 256)));
const many = Array.from({ length: 3000 }, (_, index) => file(`many/a-rather-long-name-of-a-file-${index}`, String(index)));

/** One of everything. */
const entries: readonly TestEntry[] = [
  { ...directory('./'), mode: 0o750 },
  directory('dir'),
  directory('dir/below'),
  { ...directory('tmp'), mode: 0o1777, uid: 33, gid: 70_000 },
  { ...file('dir/su', noise), mode: 0o4755, uid: 100_000, gid: 3 },
  file('dir/empty', ''),
  file('dir/short', 'short enough for an inode'),
  file('dir/middle', 'm'.repeat(120)),
  file('dir/scattered', scattered),
  file('dir/holes', Buffer.concat([Buffer.alloc(2 << 20), Buffer.from('end')])),
  { name: 'dir/other', type: 'link', linkname: 'dir/su', mode: 0o4755, uid: 100_000, gid: 3 },
  { name: 'fast', type: 'symlink', linkname: 'x'.repeat(59) },
  { name: 'slow', type: 'symlink', linkname: `/${'directory/'.repeat(30)}` },
  { name: 'disk', type: 'block-device', devmajor: 8, devminor: 17, mode: 0o660 },
  { name: 'far', type: 'character-device', devmajor: 300, devminor: 70_000, mode: 0o600 },
  { name: 'pipe', type: 'fifo', mode: 0o600 },
  file('Főtanúsítvány', 'a name of bytes'),
  directory('many'),
  ...many,
];

const types: Readonly<Record<string, NewEntry['type']>> = { 'character-device': 'character', 'block-device': 'block' };

/** What the entries say, in the shape of `lookInto`. */
function expected(): Map<string, SeenEntry> {
  const found = new Map<string, SeenEntry>();
  for (const { name, type = 'file', content = '', mode, linkname = '', devmajor, devminor, uid = 0, gid = 0 } of entries) {
    const bytes = Buffer.from(content);
    const path = Buffer.from(name.replace(/^\.\//, '')).toString('latin1');
    found.set(path, {
      path,
      type: types[type] ?? (type as NewEntry['type']),
      mode: mode ?? (type === 'directory' ? 0o755 : 0o644),
      uid,
      gid,
      size: bytes.length,
      mtime: { seconds: 1, nanoseconds: 0 },
      attributes: new Map(),
      digest: digestOf(bytes),
      ...(linkname === '' ? {} : { target: linkname }),
      ...(devmajor === undefined ? {} : { device: { major: devmajor, minor: devminor! } }),
    });
  }
  // what comes first by name has the content, whatever mke2fs was told
  const content = found.get('dir/su')!;
  found.set('dir/other', { ...content, path: 'dir/other' });
  found.set('dir/su', { ...content, type: 'link', target: 'dir/other', size: 0, digest: digestOf(Buffer.alloc(0)) });
  return found;
}

const everywhere = ['-I', '256', '-N', '4000', '-m', '0'];

it.each([
  [
    'ext2',
    ['-t', 'ext2', '-b', '1024', '-I', '128', '-N', '4000', '-O', 'none,filetype,ext_attr'],
    24,
    /^Filesystem features: +ext_attr filetype$/m,
  ],
  ['ext2 without anything', ['-t', 'ext2', '-O', 'none', '-N', '4000', '-b', '4096'], 64, /^Filesystem features: +\(none\)$/m],
  ['ext3', ['-t', 'ext3', ...everywhere, '-b', '4096', '-O', 'none,has_journal,filetype,sparse_super,dir_index'], 64, /has_journal/],
  ['ext4 of 1 KiB', ['-t', 'ext4', ...everywhere, '-b', '1024', '-O', 'extent,64bit,metadata_csum,dir_index,flex_bg'], 48, /64bit/],
  [
    'ext4 of 4 KiB',
    ['-t', 'ext4', ...everywhere, '-b', '4096', '-O', 'extent,64bit,metadata_csum,dir_index,^flex_bg'],
    64,
    /metadata_csum/,
  ],
  ['ext4 of 64 KiB', ['-t', 'ext4', ...everywhere, '-b', '65536', '-O', 'extent,^has_journal'], 512, /extent/],
  ['inline data', ['-t', 'ext4', ...everywhere, '-b', '4096', '-O', 'extent,inline_data,ext_attr,metadata_csum'], 64, /inline_data/],
  [
    'descriptors in their groups',
    ['-t', 'ext4', ...everywhere, '-b', '1024', '-g', '256', '-O', 'extent,meta_bg,^resize_inode,^flex_bg'],
    64,
    /meta_bg/,
  ],
  ['bigalloc', ['-t', 'ext4', ...everywhere, '-b', '1024', '-C', '16384', '-O', 'extent,bigalloc,64bit,^resize_inode'], 96, /bigalloc/],
])('reads all of a tree: %s', (_, args, megabytes, features) =>
  withFolder(async (folder) => {
    const path = await makeFileSystem(folder, 'disk', { args, megabytes, entries, hashed: true });
    expect(await tool('dumpe2fs', ['-h', path])).toMatch(features);
    expect(lookInto(path)).toEqual(expected());
  }),
);

/** An access control list as programs give it: version 2, then tag, permissions and number of each entry. */
function accessList(...list: readonly (readonly [tag: number, permissions: number, id?: number])[]): Buffer {
  const bytes = Buffer.alloc(4 + 8 * list.length);
  bytes.writeUInt32LE(2, 0);
  for (const [index, [tag, permissions, id = 0xffffffff]] of list.entries()) {
    bytes.writeUInt16LE(tag, 4 + index * 8);
    bytes.writeUInt16LE(permissions, 6 + index * 8);
    bytes.writeUInt32LE(id, 8 + index * 8);
  }
  return bytes;
}

it.each([
  ['in inodes and blocks', ['-t', 'ext4', '-b', '4096', '-I', '256', '-O', 'extent,ext_attr,metadata_csum'], 3000],
  ['in blocks alone', ['-t', 'ext3', '-b', '4096', '-I', '128', '-O', 'ext_attr'], 3000],
  ['in inodes of their own', ['-t', 'ext4', '-b', '4096', '-I', '256', '-O', 'extent,ext_attr,ea_inode'], 4096],
])('reads extended attributes %s', (_, args, largest) =>
  withFolder(async (folder) => {
    const values = {
      'security.capability': Buffer.from('0100000200200000000000000000000000000000'.slice(0, 40), 'hex'),
      'system.posix_acl_access': accessList([0x01, 7], [0x02, 6, 1000], [0x04, 5], [0x08, 4, 70_000], [0x10, 7], [0x20, 0]),
      'user.large': Buffer.alloc(largest, 'large '),
      'user.small': Buffer.from('sm\0ll'),
    };
    const changes: string[] = [];
    for (const [name, value] of Object.entries(values)) {
      await writeFile(join(folder, name), value);
      changes.push(`ea_set -f ${join(folder, name)} /file ${name}`);
    }
    const path = await makeFileSystem(folder, 'disk', { args, megabytes: 16, entries: [file('file')], changes, hashed: true });
    const tar = join(folder, 'tree.tar');
    withFile(path, (bytes) => writeTar(openFileSystem(bytes, 0, bytes.size), tar));
    const { records } = indexTar(tar).entries.find((entry) => entry.path === 'file')!;
    const kept = Object.entries(values).map(([name, value]) => [`SCHILY.xattr.${name}`, value.toString('latin1')]);
    expect([...records]).toEqual([...kept, ['path', 'file']]);
  }),
);

it('writes a tar with times to the nanosecond, before 1970 and after 2038, and what has no room in its headers', () =>
  withFolder(async (folder) => {
    const changes = [
      'set_inode_field /now mtime @1700000000',
      `set_inode_field /now mtime_extra ${123_456_789 * 4}`,
      'set_inode_field /past mtime @4294967295',
      'set_inode_field /past mtime_extra 0',
      'set_inode_field /future mtime @5000000000',
      'set_inode_field /future uid 4000000000',
    ];
    const args = ['-t', 'ext4', '-I', '256', '-b', '4096'];
    const path = await makeFileSystem(folder, 'disk', {
      args,
      megabytes: 16,
      entries: ['now', 'past', 'future'].map((name) => file(name)),
      changes,
    });
    const tar = join(folder, 'tree.tar');
    withFile(path, (bytes) => writeTar(openFileSystem(bytes, 0, bytes.size), tar));
    const said: string[] = [];
    await run(command('tar', ['--list', '--verbose', '--numeric-owner', '--full-time', '--file', tar]), {
      doing: 'tar',
      onLine: (line) => said.push(line),
    });
    expect(said.map((line) => line.replace(/ +/g, ' '))).toEqual([
      expect.stringMatching(/^drwxr-xr-x 0\/0 0 .* \.\/$/),
      '-rw-r--r-- 4000000000/0 6 2128-06-11 08:53:20 future',
      expect.stringMatching(/lost\+found$/),
      '-rw-r--r-- 0/0 3 2023-11-14 22:13:20.123456789 now',
      '-rw-r--r-- 0/0 4 1969-12-31 23:59:59 past',
    ]);
  }));
