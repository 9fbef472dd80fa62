import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { withMember } from './unpacked-member.ts';

/**
 * The time of the youngest package, in seconds since 1970: the mtime of the first entry of its data.tar, which Debian's packages
 * take from their changelog. It follows from the packages alone, so the same packages give the same times in the image.
 */
export async function newestPackageTime(unpacked: readonly Descriptor[], store: Store): Promise<number> {
  const times = await Promise.all(unpacked.map(({ digest }) => packageTime(store.blobPath(digest))));
  return Math.max(...times);
}

// in tar the mtime is octal at 136 of a header
function packageTime(path: string): Promise<number> {
  return withMember(path, 'data.tar', async ({ read }) => Number.parseInt((await read(136, 11)).toString('latin1'), 8) || 0);
}
