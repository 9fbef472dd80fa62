import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { withMember } from './unpacked-member.ts';

const blockSize = 512;

/** The control file of an unpacked package: its own word on what it is and needs, without the end of line. */
export function controlFile({ digest }: Descriptor, store: Store): Promise<string> {
  const path = store.blobPath(digest);
  return withMember(path, 'control.tar', async ({ size, read }) => {
    // tar: a header of 512 bytes with the name at 0 and the octal size at 124, then the content in blocks of 512
    for (let position = 0; position < size;) {
      const header = await read(position, blockSize);
      const name = header.toString('latin1', 0, 100).replace(/\0.*/s, '');
      const length = Number.parseInt(header.toString('latin1', 124, 136), 8) || 0;
      if (name === './control' || name === 'control') return (await read(position + blockSize, length)).toString('utf8').trim();
      position += blockSize + Math.ceil(length / blockSize) * blockSize;
    }
    throw new Error(`${path} has no control file`);
  });
}
