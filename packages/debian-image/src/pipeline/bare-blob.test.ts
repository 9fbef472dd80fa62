import { titleAnnotation } from '@nx-debian-image/artifact-store';
import { expect, it } from 'vitest';
import { bareBlob } from './bare-blob.ts';

function extracted(...names: string[]): Parameters<typeof bareBlob>[0] {
  const layers = names.map((name) => ({
    mediaType: 'application/octet-stream',
    digest: 'sha256:00' as const,
    size: 1,
    annotations: { [titleAnnotation]: name },
  }));
  const config = { mediaType: 'application/json', digest: 'sha256:01' as const, size: 2 };
  return {
    manifest: { schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', artifactType: 'test', config, layers },
  };
}

it.each([
  [['vmlinuz', 'disk.vhd', 'disk.qcow2'], { name: 'disk.qcow2', format: 'qcow2' }],
  [['root.ext4', 'disk.vhd'], { name: 'disk.vhd', format: 'vpc' }],
  [['vmlinuz', 'uec.tar.gz'], undefined],
])('of %j starts %j', (names, blob) => expect(bareBlob(extracted(...names))).toEqual(blob));
