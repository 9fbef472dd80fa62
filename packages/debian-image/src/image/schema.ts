import { z } from 'zod';
import { architectures, releaseNames } from '../debian/names.ts';
import * as pattern from './patterns.ts';
import { removeSchema } from './schema-lineage.ts';
import { diskSchema, uploadSchema } from './schema-output.ts';
import { fileSchema, installSchema, servicesSchema, userSchema } from './schema-system.ts';
import { verifySchema } from './schema-verify.ts';

/** What image.json may say: the one source of its types, its checks, its JSON schema and its reference page. */
export const imageSchema = z.strictObject({
  $schema: z
    .string()
    .optional()
    .meta({
      description: 'The JSON schema of this file, for editors.',
      examples: ['../../node_modules/nx-debian-image/schemas/image.schema.json'],
    }),
  description: z
    .string()
    .optional()
    .meta({ description: 'What the image is for; shown beside the published image.', examples: ['Web servers'] }),
  from: pattern.imageName.optional().meta({
    description:
      'An image whose configured root file system this one starts from. It takes release, arch, kernel and all that stands in the tree from there, adds packages and configuration, and stores only what it adds. disk, upload and description are not taken over.',
    examples: ['bookworm-amd64'],
  }),
  profiles: pattern.list(pattern.profileName).meta({
    description:
      'Profiles that this image is built upon, in this order; each is the name of a folder with a profile.json. Lists are appended (nothing stands twice), objects merged, plain values replaced; of users, files and services the last word counts.',
    examples: [['slim', 'openstack']],
  }),
  remove: removeSchema.optional().meta({
    description: 'What profiles have said and shall not count here.',
    examples: [{ packages: ['vim'] }],
  }),
  release: z.enum(releaseNames).meta({ description: 'The Debian release, by its code name.', examples: ['bookworm'] }),
  arch: z
    .enum(architectures)
    .default('amd64')
    .meta({ description: 'The architecture, as dpkg names it.', examples: ['arm64'] }),
  install: installSchema.prefault({}).meta({
    description: 'Where packages come from.',
    examples: [{ mirror: 'http://mirror.example.org/debian', components: ['main', 'contrib'] }],
  }),
  kernel: z
    .union([z.enum(['cloud', 'generic']), pattern.kernelPackage], '"cloud", "generic" or a kernel package such as "linux-image-rt-amd64"')
    .optional()
    .meta({
      description:
        'The kernel: "cloud" (smaller, for virtual machines), "generic", or the name of a package. Where not given: cloud where the release has it (amd64 from buster on, arm64 from bullseye on), else generic.',
      examples: ['generic', 'linux-image-rt-amd64'],
    }),
  packages: pattern.list(pattern.packageName).meta({
    description: 'Packages to install beside the base system and what other fields need.',
    examples: [['openssh-server', 'vim', 'curl']],
  }),
  locales: pattern.list(pattern.localeName).meta({
    description: 'Locales to generate, as /usr/share/i18n/SUPPORTED names them.',
    examples: [['fr_FR.UTF-8', 'en_US.UTF-8']],
  }),
  lang: pattern.language.optional().meta({
    description:
      'The language of the system (LANG): one of locales, "C.UTF-8" or "C". Where not given: C.UTF-8, and C on squeeze, which lacks it.',
    examples: ['en_US.UTF-8'],
  }),
  timezone: pattern.timezone
    .default('UTC')
    .meta({ description: 'The time zone, as /usr/share/zoneinfo names it.', examples: ['Europe/Paris'] }),
  hostname: pattern.hostname
    .default('debian')
    .meta({ description: 'The name of the machine until something else names it.', examples: ['web'] }),
  modules: pattern.list(pattern.moduleName).meta({
    description:
      'Kernel modules to load at boot, put into the initial ramdisk too. One that is built into the kernel is passed over; one that does not exist is an error.',
    examples: [['virtio_balloon', 'acpiphp']],
  }),
  files: pattern.list(fileSchema).meta({
    description: 'Files and folders to copy into the image, in this order, after everything that other fields write.',
    examples: [[{ source: 'files', target: '/' }]],
  }),
  users: pattern.list(userSchema).meta({
    description: 'Accounts to make or, where they exist, to change.',
    examples: [[{ name: 'admin', groups: ['adm'], sudo: true }]],
  }),
  services: servicesSchema.prefault({}).meta({
    description:
      'Services that start, do not start, or cannot be started. Names without an ending are services; .timer and .socket work too.',
    examples: [{ enable: ['ssh'], disable: ['apt-daily.timer'] }],
  }),
  network: z
    .enum(['dhcp', 'none'])
    .default('dhcp')
    .meta({
      description:
        '"dhcp": network cards get their addresses by DHCP whatever their names: all by systemd-networkd from bookworm on; the first by ifupdown before, and where packages name it. "none": nothing is written.',
      examples: ['none'],
    }),
  console: z
    .enum(['serial', 'none'])
    .default('serial')
    .meta({
      description: '"serial": a login prompt on the first serial port, which the cloud shows as the console. "none": no such prompt.',
      examples: ['none'],
    }),
  growRoot: pattern.flag.default(true).meta({
    description: 'Whether the root file system grows to the size of its disk at every boot.',
    examples: [false],
  }),
  scripts: pattern.list(pattern.relativePath).meta({
    description:
      "Scripts run as root inside the image, in this order, after everything else, relative to the image's folder. Each runs under its #! line, or /bin/sh. There is no network.",
    examples: [['scripts/motd.sh']],
  }),
  disk: diskSchema.prefault({}).meta({ description: 'The disk that the image becomes.', examples: [{ table: 'gpt', slack: '16MiB' }] }),
  verify: verifySchema.prefault({}).meta({
    description: 'How the finished image is tried: started as a cloud would start it, and asked whether it is what this file says.',
    examples: [{ commands: [{ name: 'docker runs', command: 'docker info' }], beforeUpload: true }],
  }),
  upload: uploadSchema.prefault({}).meta({
    description: 'Where the finished image is published.',
    examples: [{ catalog: { folder: 'catalog', keep: 3 } }],
  }),
});

/** image.json of an image that starts from another, whose release it has. */
export const childSchema = imageSchema.extend({ release: imageSchema.shape.release.optional() });

/** image.json as it is written. */
export type ImageSource = z.input<typeof imageSchema>;

/** image.json as it is read: the defaults that depend on nothing else filled in, sizes in bytes. */
export type ParsedImage = z.output<typeof imageSchema>;
