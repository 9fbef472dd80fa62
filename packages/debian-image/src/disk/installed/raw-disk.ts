import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { command, run } from '../../host/index.ts';
import { chainName } from '../chain.ts';

/** What `qemu-img info` says of a qcow2 (qapi/block-core.json, ImageInfo). */
interface ImageInfo {
  readonly format: string;
  readonly 'backing-filename'?: string;
  readonly encrypted?: boolean;
  readonly 'format-specific'?: { readonly data?: { readonly 'data-file'?: string } };
}

interface RawDiskOptions {
  /** Blobs of the store, the lowest first. */
  readonly layers: readonly Descriptor[];
  readonly store: Store;
  readonly signal?: AbortSignal;
}

/**
 * Writes what is on a disk of qcow2 files, each upon the one before, into a new sparse file. Fails as `invalid` where one of them is no qcow2
 * or names a file of its own, and with the failures of `run`.
 */
export async function writeRawDisk(path: string, { layers, store, signal }: RawDiskOptions): Promise<void> {
  const files = layers.map(({ digest }) => store.blobPath(digest));
  const more = signal ? { signal } : {};
  for (const file of files) {
    const { stdout } = await run(command('qemu-img', ['info', '--output=json', file]), { doing: 'looking at a disk', ...more });
    requireAlone(JSON.parse(stdout) as ImageInfo, file);
  }
  // runs of zeros from 4 KiB on become holes: qemu-img(1), -S
  const convert = command('qemu-img', ['convert', '-S', '4k', '-O', 'raw', chainName(files), path]);
  await run(convert, { doing: 'writing the disk as it is on a machine', ...more });
}

/** Fails as `invalid` unless all bytes of a disk are in its own file. */
function requireAlone(info: ImageInfo, file: string): void {
  const named = info['backing-filename'] ?? info['format-specific']?.data?.['data-file'];
  if (info.format === 'qcow2' && named === undefined && info.encrypted !== true) return;
  const why = info.format !== 'qcow2' ? `it is ${info.format}` : named === undefined ? 'it is encrypted' : `it names the file ${named}`;
  throw new Failure('invalid', `a disk is no qcow2 that can be used: ${why}`, { where: file });
}
