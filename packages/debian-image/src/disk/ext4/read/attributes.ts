import { aclFromDisk } from './acl.ts';
import { damaged } from './damaged.ts';
import type { FileSystem } from './file-system.ts';
import type { Inode } from './inode.ts';
import { chunksOf, gather } from './runs.ts';

/** An extended attribute as it is on disk: its name without the prefix that `index` stands for. */
interface AttributeEntry {
  readonly index: number;
  readonly name: string;
  readonly value: Buffer;
}

/** Documentation/filesystems/ext4/attributes.rst. */
const magic = 0xea020000;
const entrySize = 16;
const blockHeader = 32;
const inodeHeader = 4;
/** XATTR_SIZE_MAX of the kernel. */
const largestValue = 1 << 16;

const prefixes: Readonly<Record<number, string>> = {
  1: 'user.',
  2: 'system.posix_acl_access',
  3: 'system.posix_acl_default',
  4: 'trusted.',
  6: 'security.',
  7: 'system.',
};
const aclIndices: ReadonlySet<number> = new Set([2, 3]);
/** Inline content, which is no attribute to anybody who asks for them. */
const inlineData = 'system.data';

/** The extended attributes of an inode by name, values as getxattr(2) gives them, sorted by name. Failure `invalid`. */
export function attributesOf(fileSystem: FileSystem, inode: Inode): Map<string, Buffer> {
  const found: [string, Buffer][] = [];
  for (const { index, name, value } of attributeEntries(fileSystem, inode)) {
    const prefix = prefixes[index];
    if (prefix === undefined) throw damaged(`inode ${inode.number} has an attribute of the unknown kind ${index}`);
    if (prefix + name === inlineData) continue;
    found.push([prefix + name, aclIndices.has(index) ? aclFromDisk(value, inode.number) : value]);
  }
  return new Map(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The attributes in the inode itself, then those in its block. Failure `invalid`. */
export function attributeEntries(fileSystem: FileSystem, inode: Inode): AttributeEntry[] {
  const entries: AttributeEntry[] = [];
  const { extra, attributeBlock, number } = inode;
  if (extra.length >= inodeHeader && extra.readUInt32LE(0) === magic) {
    const area = extra.subarray(inodeHeader);
    entries.push(...entriesOf(fileSystem, { inode: number, area, first: 0 }));
  }
  if (attributeBlock !== 0) {
    const area = fileSystem.metadata(attributeBlock);
    if (area.readUInt32LE(0) !== magic) throw damaged(`inode ${number} has no attributes where it says`);
    entries.push(...entriesOf(fileSystem, { inode: number, area, first: blockHeader }));
  }
  return entries;
}

interface Area {
  readonly inode: number;
  /** What the places of values are counted in. */
  readonly area: Buffer;
  /** Where the first entry is. */
  readonly first: number;
}

function* entriesOf(fileSystem: FileSystem, { inode, area, first }: Area): Generator<AttributeEntry> {
  let at = first;
  while (at + inodeHeader <= area.length && area.readUInt32LE(at) !== 0) {
    if (at + entrySize > area.length) throw damaged(`an attribute of inode ${inode} reaches beyond its room`);
    const nameEnd = at + entrySize + area[at]!;
    const size = area.readUInt32LE(at + 8);
    if (nameEnd > area.length || size > largestValue) throw damaged(`an attribute of inode ${inode} has ${size} bytes`);
    yield {
      index: area[at + 1]!,
      name: area.toString('latin1', at + entrySize, nameEnd),
      value: valueOf(fileSystem, { inode, area, place: area.readUInt16LE(at + 2), holder: area.readUInt32LE(at + 4), size }),
    };
    at = Math.ceil((nameEnd - first) / 4) * 4 + first;
  }
}

interface ValuePlace extends Pick<Area, 'inode' | 'area'> {
  readonly place: number;
  /** The inode whose content it is (feature ea_inode); 0 where it is in the area. */
  readonly holder: number;
  readonly size: number;
}

function valueOf(fileSystem: FileSystem, { inode, area, place, holder, size }: ValuePlace): Buffer {
  if (holder !== 0) {
    const held = fileSystem.inode(holder);
    if (held.size !== size) throw damaged(`an attribute of inode ${inode} is not as long as inode ${holder} that holds it`);
    return gather(chunksOf(fileSystem, held), held, size);
  }
  if (size === 0) return Buffer.alloc(0);
  if (place + size > area.length) throw damaged(`an attribute of inode ${inode} reaches beyond its room`);
  return Buffer.from(area.subarray(place, place + size));
}
