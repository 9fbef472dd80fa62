/** The forms that a bare disk comes in: `vhd` is fixed, `vmdk` stream-optimised, `uec` a tarball of kernel, ramdisk and root. */
export const formNames = ['qcow2', 'raw', 'vmdk', 'vhd', 'vdi', 'raw.xz', 'uec'] as const;

export type FormName = (typeof formNames)[number];

/** The names of their files. */
export const formFiles: Readonly<Record<FormName, string>> = {
  qcow2: 'disk.qcow2',
  raw: 'disk.raw',
  vmdk: 'disk.vmdk',
  vhd: 'disk.vhd',
  vdi: 'disk.vdi',
  'raw.xz': 'disk.raw.xz',
  uec: 'uec.tar.gz',
};
