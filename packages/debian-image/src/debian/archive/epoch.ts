import { open } from 'node:fs/promises';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';

/**
 * The time of the youngest package, in seconds since 1970: the mtime of the first entry of its data.tar, which Debian's packages
 * take from their changelog. It follows from the packages alone, so the same packages give the same times in the image.
 */
export async function newestPackageTime(unpacked: readonly Descriptor[], store: Store): Promise<number> {
  const times = await Promise.all(unpacked.map(({ digest }) => packageTime(store.blobPath(digest))));
  return Math.max(...times);
}

// `!<arch>\n`, then members: a header of 60 bytes with the size at 48, padded to even (ar(5)); in tar the mtime is octal at 136
async function packageTime(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(60);
    let position = 8;
    for (;;) {
      const { bytesRead } = await file.read(header, 0, 60, position);
      if (header.toString('latin1', 0, 16).startsWith('data.tar')) break;
      const size = Number(header.toString('latin1', 48, 58));
      if (bytesRead < 60 || !(size > 0)) throw new Error(`${path} is no package as written by this program`);
      position += 60 + size + (size % 2);
    }
    const entry = Buffer.alloc(512);
    await file.read(entry, 0, 512, position + 60);
    return Number.parseInt(entry.toString('latin1', 136, 147), 8) || 0;
  } finally {
    await file.close();
  }
}
