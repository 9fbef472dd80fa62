import { z } from 'zod';
import * as pattern from './patterns.ts';

/** `install.installer.runner.libvirt`: a virtualisation host that runs the installer's machine. */
const libvirtSchema = z.strictObject({
  connect: pattern
    .text(/^qemu(?:\+[a-z]+\d*)?:\/\/[^\s/?#]*\/(?:system|session)(?:\?\S*)?$/, 'an address of libvirt such as "qemu+ssh://host/system"')
    .default('qemu:///system')
    .meta({
      description:
        'The host, as virsh names it: "qemu:///system" and "qemu:///session" are on this machine, "qemu+ssh://host/system" is another one. Nobody is asked for a password.',
      examples: ['qemu+ssh://root@host.example.org/system'],
    }),
  pool: pattern
    .text(/^[A-Za-z0-9][\w.+-]*$/, 'the name of a storage pool such as "default"')
    .default('default')
    .meta({ description: 'The storage pool for the disk while it is installed, a folder (dir, fs or netfs).', examples: ['images'] }),
  network: pattern
    .text(/^[A-Za-z0-9][\w.+-]*$/, 'the name of a network such as "default"')
    .optional()
    .meta({
      description:
        'The network of the machine, as virsh names it, or "user" for the one that QEMU has by itself. Where not given: "default", and "user" with an address that ends in /session.',
      examples: ['bridged'],
    }),
});

/** `install.installer`: how debian-installer is run. */
export const installerSchema = z.strictObject({
  source: pattern
    .text(/^(?:https?:\/\/[^\s"\\]+|(?!\w+:\/\/)[^\0\n]+)$/, 'a folder, or an address such as "https://example.org/netboot"')
    .optional()
    .meta({
      description:
        "Where the installer's kernel `linux` and its ramdisk `initrd.gz` are: a folder, relative to the image's or absolute, or the address of one. Where not given: the installer folder of the mirror, verified like its packages; where that lacks them, the package debian-installer-NN-netboot-ARCH. An address without https needs allowUnverified.",
      examples: ['netboot'],
    }),
  preseed: pattern.list(pattern.text(/^[^\s#][^\n]*\S$/, 'a line of a preseed file such as "d-i clock-setup/ntp boolean true"')).meta({
    description:
      'Further lines for the preseed file, which answers what the installer would ask. One that contradicts a field of this file is refused.',
    examples: [['tasksel tasksel/first multiselect standard, web-server']],
  }),
  disk: pattern.size.prefault('5GiB').meta({
    description:
      'The size of the disk that is installed to. "5GiB" or a number of bytes. The image becomes as small as its content all the same.',
    examples: ['8GiB'],
  }),
  memory: pattern.size
    .refine((bytes) => bytes >= 2 ** 28, 'at least 256MiB')
    .optional()
    .meta({
      description:
        'The memory of the virtual machine, at least 256 MiB. "1GiB" or a number of bytes. Where not given: what the installer of the release needs, at least 512 MiB.',
      examples: ['2GiB'],
    }),
  timeLimit: z
    .int('a whole number of minutes')
    .min(1, 'at least 1 minute')
    .default(180)
    .meta({ description: 'How many minutes the installation may take. Without KVM a machine of today needs 40 to 120.', examples: [60] }),
  runner: z
    .strictObject({
      libvirt: libvirtSchema.meta({
        description: 'A host of libvirt, asked by virsh. {} is the one of this machine.',
        examples: [{ connect: 'qemu+ssh://host/system' }],
      }),
    })
    .optional()
    .meta({
      description:
        'What runs the virtual machine. Where not given: QEMU on this machine, as this user. It decides nothing of the image, so a change installs nothing again.',
      examples: [{ libvirt: { connect: 'qemu+ssh://host/system', pool: 'default', network: 'default' } }],
    }),
  allowUnverified: pattern.flag.default(false).meta({
    description:
      'Lets the installer take packages although the signature of the archive does not verify. For archives whose signatures its programs cannot check; what apt on this machine fetches is verified all the same.',
    examples: [true],
  }),
});
