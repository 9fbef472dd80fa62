/** The media type of a disk in QEMU's format. */
export const qcow2Type = 'application/vnd.qemu.qcow2';

/**
 * The name by which QEMU and qemu-img open a qcow2 upon others, the lowest first. What each lies upon is said here alone: a name in a
 * header counts for nothing, so blobs can be anywhere and no foreign file can be drawn in (qemu(1), `json:` and `backing`).
 */
export function chainName(paths: readonly string[]): string {
  const node = paths.reduce<object | null>((backing, filename) => ({ driver: 'qcow2', file: { driver: 'file', filename }, backing }), null);
  return `json:${JSON.stringify(node)}`;
}
