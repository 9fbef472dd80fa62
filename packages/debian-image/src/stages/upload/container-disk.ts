import { createReadStream } from 'node:fs';
import { canonicalJson, type Digest } from '@nx-debian-image/artifact-store';
import { entryHeader } from '../../disk/layers/tar-entry.ts';
import { padded } from '../../disk/layers/tar-header.ts';
import { endOfTar } from '../../disk/layers/tar-write.ts';

/** Architectures as images of containers name them: Go's GOARCH, and the variant (OCI image-spec, config.md). */
const platforms: Readonly<Record<string, { architecture: string; variant?: string }>> = {
  i386: { architecture: '386' },
  armhf: { architecture: 'arm', variant: 'v7' },
  armel: { architecture: 'arm', variant: 'v5' },
  ppc64el: { architecture: 'ppc64le' },
  mips64el: { architecture: 'mips64le' },
  mipsel: { architecture: 'mipsle' },
};

/** Who QEMU is in the containers of KubeVirt. */
const qemu = 107;

/**
 * The one layer of a containerDisk, a tar as a stream: a disk as the only file in `/disk`, which belongs to QEMU (KubeVirt's user guide,
 * "containerDisk"). It is not compressed, for the qcow2 is. `seconds` since 1970 is the time of its files.
 */
export async function* containerDiskLayer(disk: { path: string; size: number }, seconds: number): AsyncGenerator<Buffer> {
  const same = { uid: qemu, gid: qemu, mtime: { seconds, nanoseconds: 0 }, attributes: new Map() };
  yield entryHeader({ ...same, path: 'disk/', type: 'directory', mode: 0o555, size: 0 });
  yield entryHeader({ ...same, path: 'disk/disk.qcow2', type: 'file', mode: 0o440, size: disk.size });
  yield* createReadStream(disk.path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  yield Buffer.alloc(padded(disk.size) - disk.size);
  yield endOfTar;
}

/** The config of a containerDisk with this layer, for an architecture of Debian. */
export function containerDiskConfig(arch: string, layer: Digest, created: string): string {
  const platform = platforms[arch] ?? { architecture: arch };
  return canonicalJson({ ...platform, os: 'linux', created, config: {}, rootfs: { type: 'layers', diff_ids: [layer] } });
}
