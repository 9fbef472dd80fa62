import { attributeEntries } from './attributes.ts';
import { damaged } from './damaged.ts';
import type { FileSystem } from './file-system.ts';
import type { Inode } from './inode.ts';

/** The attribute with what of inline content does not fit into the map: `system.data` (Documentation/filesystems/ext4/inlinedata.rst). */
const rest = { index: 7, name: 'data' } as const;

/** Content that is kept in the inode itself: its map, then the attribute. Failure `invalid`. */
export function inlineContent(fileSystem: FileSystem, inode: Inode): Buffer {
  const whole = Buffer.concat([inode.map, inlineRest(fileSystem, inode)]);
  if (inode.size > whole.length) throw damaged(`inode ${inode.number} keeps fewer bytes in itself than it says`);
  return whole.subarray(0, inode.size);
}

/** The two parts that hold entries of a directory kept in its inode; the map begins with the inode above. */
export function inlineEntries(fileSystem: FileSystem, inode: Inode): Buffer[] {
  return [inode.map.subarray(4), inlineRest(fileSystem, inode)];
}

function inlineRest(fileSystem: FileSystem, inode: Inode): Buffer {
  const found = attributeEntries(fileSystem, inode).find(({ index, name }) => index === rest.index && name === rest.name);
  return found?.value ?? Buffer.alloc(0);
}
