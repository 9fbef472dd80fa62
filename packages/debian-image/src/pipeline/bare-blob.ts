import { type Artifact, titleAnnotation } from '@nx-debian-image/artifact-store';

/** The names under which extract leaves a bare disk, the quickest to unpack first, and what QEMU calls their formats. */
const formats: readonly (readonly [name: string, format: string])[] = [
  ['disk.qcow2', 'qcow2'],
  ['disk.raw', 'raw'],
  ['disk.vmdk', 'vmdk'],
  ['disk.vdi', 'vdi'],
  ['disk.vhd', 'vpc'],
];

/** The blob of a bare disk that can be started, and its format; undefined where the disk is packed otherwise. */
export function bareBlob({ manifest }: Pick<Artifact, 'manifest'>): { readonly name: string; readonly format: string } | undefined {
  const names = new Set(manifest.layers.map(({ annotations }) => annotations?.[titleAnnotation]));
  const found = formats.find(([name]) => names.has(name));
  return found && { name: found[0], format: found[1] };
}
