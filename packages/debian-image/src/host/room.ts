import { statfs } from 'node:fs/promises';
import { Failure, formatBytes } from '@nx-debian-image/report';

const usualHint = 'Free some space, or have the store elsewhere: DEBIAN_IMAGE_STORE.';

/** Fails as `no-space` where the file system of a folder has fewer bytes than some work needs. */
export async function requireRoom(folder: string, bytes: number, doing: string, hint = usualHint): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new Failure('no-space', `${doing} needs ${formatBytes(bytes)}, and only ${formatBytes(free)} are free`, {
    where: folder,
    hint,
  });
}
