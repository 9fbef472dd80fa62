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

/** Those that Glance takes as disk formats, under the same names; the first that an image has is sent. */
export const cloudForms = ['qcow2', 'raw', 'vmdk', 'vhd', 'vdi'] as const satisfies readonly FormName[];

/** What an OCI registry is given of a qcow2: an image that KubeVirt starts, and the file itself. */
export const registryForms = ['containerDisk', 'disk'] as const;

export type RegistryForm = (typeof registryForms)[number];

export type CloudForm = (typeof cloudForms)[number];
