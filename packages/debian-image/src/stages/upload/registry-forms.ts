import { canonicalJson, type Descriptor, titleAnnotation } from '@nx-debian-image/artifact-store';
import { releaseOf } from '../../debian/releases.ts';
import type { RegistryForm } from '../../disk/forms/names.ts';
import type { ExtractedFile } from '../extract/facts.ts';
import { type UploadRequest, versionOf } from './request.ts';

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** The types of what a form consists of. */
export const formTypes = {
  containerDisk: { config: 'application/vnd.oci.image.config.v1+json', layer: 'application/vnd.oci.image.layer.v1.tar' },
  // An artifact has no config, which has to be there all the same (OCI image-spec, "Guidelines for Artifact Usage").
  disk: { config: 'application/vnd.oci.empty.v1+json', layer: 'application/x-qemu-disk' },
} as const satisfies Record<RegistryForm, { config: string; layer: string }>;

/** The config of an artifact. */
export const emptyConfig = '{}';

/** The tags of a form: that of the version, and that of the latest one. */
export function tagsOf(form: RegistryForm, version: string): { version: string; latest: string } {
  const suffix = form === 'containerDisk' ? '' : `-${form}`;
  return { version: `${version}${suffix}`, latest: `latest${suffix}` };
}

/** What a manifest says of an image. Two that say the same hold the same, so that nobody has to ask for the bytes. */
export function annotationsOf(request: Pick<UploadRequest, 'image' | 'epoch'>, disk: ExtractedFile): Record<string, string> {
  const { image, epoch } = request;
  const release = releaseOf(image.release);
  return {
    'org.opencontainers.image.created': createdAt(epoch),
    'org.opencontainers.image.description': image.description ?? `Debian ${release.version} (${release.name})`,
    [titleAnnotation]: image.upload.name,
    'org.opencontainers.image.version': versionOf(request, disk),
    'vnd.nx-debian-image.arch': image.arch,
    'vnd.nx-debian-image.disk': `sha256:${disk.sha256}`,
  };
}

/** Seconds since 1970 as OCI writes times. */
export function createdAt(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace('.000', '');
}

/** The manifest of a form, the same bytes for the same image. */
export function manifestOf(
  form: RegistryForm,
  config: Descriptor,
  layer: Descriptor,
  annotations: Readonly<Record<string, string>>,
): Buffer {
  const artifact = form === 'disk' ? { artifactType: 'application/vnd.nx-debian-image.disk.v1' } : {};
  return Buffer.from(canonicalJson({ schemaVersion: 2, mediaType: manifestType, ...artifact, config, layers: [layer], annotations }));
}
