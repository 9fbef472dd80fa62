import { damaged } from './damaged.ts';

const headerSize = 4;
/** Of ext4's own form (fs/ext4/acl.h) and of the one that programs are given (include/uapi/linux/posix_acl_xattr.h). */
const diskVersion = 1;
const programVersion = 2;
/** ACL_USER and ACL_GROUP: the tags that name somebody; the others stand without a number on disk. */
const named: ReadonlySet<number> = new Set([0x02, 0x08]);
const nobody = 0xffffffff;

/** A POSIX access control list as getxattr(2) gives it, from how ext4 keeps it. Failure `invalid`. */
export function aclFromDisk(bytes: Buffer, inode: number): Buffer {
  if (bytes.length < headerSize || bytes.readUInt32LE(0) !== diskVersion) throw wrong(inode);
  const entries: Buffer[] = [];
  for (let at = headerSize; at < bytes.length;) {
    const size = bytes.length - at >= 4 && named.has(bytes.readUInt16LE(at)) ? 8 : 4;
    if (at + size > bytes.length) throw wrong(inode);
    const entry = Buffer.alloc(8);
    bytes.copy(entry, 0, at, at + size);
    if (size === 4) entry.writeUInt32LE(nobody, 4);
    entries.push(entry);
    at += size;
  }
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(programVersion, 0);
  return Buffer.concat([header, ...entries]);
}

function wrong(inode: number): Error {
  return damaged(`the access control list of inode ${inode} is none`);
}
