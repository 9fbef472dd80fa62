import { z } from 'zod';
import { cloudForms, formNames, registryForms } from '../disk/forms/names.ts';
import * as pattern from './patterns.ts';

/** `disk`: the disk that the tree is put on. */
export const diskSchema = z.strictObject({
  table: z
    .enum(['gpt', 'mbr'])
    .default('gpt')
    .meta({
      description: 'The kind of partition table. "gpt" boots by BIOS and UEFI; "mbr" is for old boot loaders.',
      examples: ['mbr'],
    }),
  slack: pattern.size.optional().meta({
    description:
      'Free space left in the root file system once it is as small as it can be. "16MiB", "5GiB" or a number of bytes. Where not given: 1 % of the content, at least 4 MiB, and 64 MiB where growRoot is false. ext4 keeps 2 % of it for itself, so nothing can be written before it grows.',
    examples: ['64MiB'],
  }),
  headroom: pattern.size.prefault('0').meta({
    description: 'Free space in the root file system before it is made small. "16MiB", "5GiB" or a number of bytes.',
    examples: ['1GiB'],
  }),
  kernel: pattern
    .text(/^[\w][\w.+~-]*$/, 'a kernel version such as "6.1.0-9-amd64", or its end such as "rt-amd64"')
    .optional()
    .meta({
      description:
        'Which kernel the image boots where several are in it: a version, or the end of one, of which the newest counts. Where not given: the newest of all.',
      examples: ['rt-amd64'],
    }),
  bare: pattern.list(z.enum(formNames)).meta({
    description:
      'What the disk is published as, to boot by itself, beside kernel, ramdisk and root. With "gpt" it boots by BIOS and UEFI (Secure Boot too), with "mbr" by BIOS alone. "vhd" is fixed, "vmdk" stream-optimised, "uec" a tarball of kernel, ramdisk and root.',
    examples: [['qcow2']],
  }),
});

/** `upload.catalog`: a folder of finished images. */
const catalogSchema = z.strictObject({
  folder: z
    .string()
    .min(1)
    .default('catalog')
    .meta({
      description: 'The folder that holds the catalog, relative to the workspace, or absolute.',
      examples: ['/srv/images'],
    }),
  keep: pattern.keep.default(3).meta({ description: 'How many versions of the image stay; older ones are removed.', examples: [5] }),
});

/** `upload.glance`: an OpenStack cloud. */
const glanceSchema = z.strictObject({
  cloud: pattern.text(/^\S+$/, 'the name of a cloud in clouds.yaml such as "production"').meta({
    description: 'The cloud to publish to, by its name in clouds.yaml. Secrets stand there, never here.',
    examples: ['production'],
  }),
  rootFormat: z
    .enum(['ami', 'raw'])
    .default('ami')
    .meta({
      description: 'The disk format given to the root file system of a triplet. "raw" where the cloud refuses "ami".',
      examples: ['raw'],
    }),
  forms: z
    .array(z.enum(['triplet', 'bare']), 'a list in [ ]')
    .min(1, 'one of "triplet" and "bare", or both')
    .optional()
    .meta({
      description:
        '"triplet": kernel, ramdisk and root, which the cloud starts itself. "bare": the disk that boots by itself, called NAME-bare where both are there. Where not given: the triplet, and the disk where disk.bare has a form that a cloud takes.',
      examples: [['bare']],
    }),
  bareFormat: z
    .enum(cloudForms)
    .optional()
    .meta({
      description: `Which form of disk.bare goes to the cloud. Where not given: the first that is there of ${cloudForms.join(', ')}.`,
      examples: ['raw'],
    }),
  visibility: z
    .enum(['private', 'shared', 'community', 'public'])
    .default('private')
    .meta({
      description: 'Who sees the images. "public" needs an administrator of the cloud.',
      examples: ['shared'],
    }),
  keep: pattern.keep.default(2).meta({ description: 'How many versions stay in the cloud; older ones are removed.', examples: [3] }),
  protected: pattern.flag.default(false).meta({ description: 'Whether the cloud refuses to delete the newest version.', examples: [true] }),
  minDisk: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'The smallest disk of a machine, in GiB. Where not given: what the image needs.', examples: [5] }),
  minRam: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'The smallest memory of a machine, in MiB.', examples: [512] }),
  tags: pattern.list(z.string().min(1).max(255)).meta({ description: 'Tags of the images.', examples: [['debian', 'lts']] }),
  properties: z
    .record(z.string().min(1), z.string('text in double quotes'))
    .default({})
    .meta({
      description: 'Further properties of the images, as the cloud understands them.',
      examples: [{ hw_rng_model: 'virtio' }],
    }),
});

/** `upload.registry`: an OCI registry. */
const registrySchema = z.strictObject({
  repository: pattern.text(/^[A-Za-z0-9.:[\]/_-]+$/, 'a repository such as "registry.example/team/images/web"').meta({
    description: 'The repository to publish to, HOST[:PORT]/PATH. Credentials are those of docker, podman or skopeo.',
    examples: ['registry.example/team/images/web'],
  }),
  forms: z
    .array(z.enum(registryForms), 'a list in [ ]')
    .min(1, `one of ${registryForms.map((form) => `"${form}"`).join(' and ')}, or both`)
    .default([...registryForms])
    .meta({
      description:
        '"containerDisk": an image that KubeVirt starts, with the tags VERSION and latest. "disk": the qcow2 itself as an artifact, with the tags VERSION-disk and latest-disk.',
      examples: [['containerDisk']],
    }),
  plainHttp: pattern.flag.default(false).meta({
    description: 'Whether plain http is spoken to it. To a registry of this machine it is in any case.',
    examples: [true],
  }),
});

/** `upload`: where the finished image goes. */
export const uploadSchema = z.strictObject({
  name: pattern
    .text(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a name such as "bookworm-amd64"')
    .optional()
    .meta({
      description: "The name that people see. Where not given: the name of the image's folder.",
      examples: ['debian-12'],
    }),
  catalog: catalogSchema.optional().meta({
    description:
      'A folder that the finished files are published to. Where none of catalog, glance and registry is given: the folder catalog.',
    examples: [{ folder: 'catalog', keep: 3 }],
  }),
  glance: glanceSchema.optional().meta({
    description: 'An OpenStack cloud that the images are published to.',
    examples: [{ cloud: 'production', keep: 2 }],
  }),
  registry: registrySchema.optional().meta({
    description: 'An OCI registry that the bare disk is published to; it needs "qcow2" in disk.bare.',
    examples: [{ repository: 'registry.example/team/images/web' }],
  }),
});
