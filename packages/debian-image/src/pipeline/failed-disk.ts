import { join } from 'node:path';
import { type Descriptor, writeArtifact } from '@nx-debian-image/artifact-store';
import { chainName } from '../disk/chain.ts';
import { command, printable } from '../host/index.ts';
import type { Build } from './build.ts';
import { failedTree } from './failed-tree.ts';

/**
 * Keeps what a system said and had changed on its disk when configuring it failed, and says how to look at that: no shell can be opened in a
 * disk, but its files can be read.
 */
export function keepFailedDisk({ store, artifacts }: Build): (layers: readonly Descriptor[], console: Descriptor) => Promise<string> {
  return async (layers, console) => {
    const folder = join(artifacts, failedTree);
    const blobs = [
      { name: 'changes.qcow2', descriptor: layers.at(-1)! },
      { name: 'console.log', descriptor: console },
    ];
    await writeArtifact(folder, store, { stage: failedTree, config: { disk: layers }, blobs });
    const paths = layers.map(({ digest }) => store.blobPath(digest));
    const convert = command('qemu-img', ['convert', '-O', 'raw', chainName(paths), 'disk.raw']);
    return `${join(folder, 'console.log')} has all that was said. For the disk as it stood: ${printable(convert)}`;
  };
}
