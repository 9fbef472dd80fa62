import { z } from 'zod';
import * as pattern from './patterns.ts';
import { installerSchema } from './schema-installer.ts';

/** `install`: where packages come from. */
export const installSchema = z.strictObject({
  method: z
    .enum(['bootstrap', 'installer'])
    .default('bootstrap')
    .meta({
      description:
        'How the system is installed. "bootstrap" unpacks packages without root and without a virtual machine. "installer" runs debian-installer in a virtual machine (docs/installer.md): for squeeze and wheezy, whose programs crash under today\'s kernels, and for exactly what the installer makes.',
      examples: ['installer'],
    }),
  mirror: z
    .url({ protocol: /^https?$/, error: 'the address of a Debian archive such as "http://mirror.example.org/debian"' })
    .optional()
    .meta({
      description: 'A Debian archive to take packages from. Where not given: the one that has this release.',
      examples: ['http://mirror.example.org/debian'],
    }),
  components: z
    .array(z.enum(['main', 'contrib', 'non-free', 'non-free-firmware']))
    .min(1)
    .default(['main'])
    .meta({
      description: 'The parts of the archive whose packages may be used. "non-free-firmware" exists from bookworm on.',
      examples: [['main', 'non-free-firmware']],
    }),
  pockets: z
    .array(z.enum(['updates', 'security', 'backports']))
    .optional()
    .meta({
      description:
        'The suites beside the release itself. Where not given: updates and security, and none for sid. One that the archive lacks is left out.',
      examples: [['updates', 'security']],
    }),
  recommends: pattern.flag.default(false).meta({
    description: 'Whether packages that others recommend are installed too. Larger images, and more like what the installer makes.',
    examples: [true],
  }),
  keyring: pattern.relativePath.optional().meta({
    description: 'A keyring (.gpg) that the archive is signed with. Where not given: the keys of Debian.',
    examples: ['keys/archive.gpg'],
  }),
  installer: installerSchema.optional().meta({
    description: 'How debian-installer is run; only with the method "installer".',
    examples: [{ memory: '1GiB', timeLimit: 90 }],
  }),
});

/** `files[]`: something copied into the image. */
export const fileSchema = z.strictObject({
  source: pattern.relativePath.meta({
    description: "A file or a folder, relative to the image's folder. Of a folder everything below it is copied, not the folder itself.",
    examples: ['files', 'motd.txt'],
  }),
  target: pattern.absolutePath.meta({
    description: 'Where it goes. For a file, a path that ends with / means: into that folder, under its own name.',
    examples: ['/', '/etc/motd'],
  }),
  owner: pattern.userName.default('root').meta({
    description: 'The user that it belongs to; one of the image, or one of `users`.',
    examples: ['admin'],
  }),
  group: pattern.userName.optional().meta({
    description: 'The group that it belongs to. Where not given: root for root, otherwise the main group of the owner.',
    examples: ['adm'],
  }),
  mode: pattern.octalMode.optional().meta({
    description: 'The mode of every file copied, in octal digits. Where not given: 0755 for a file that can be executed, else 0644.',
    examples: ['0600'],
  }),
});

/** `users[]`: an account. */
export const userSchema = z.strictObject({
  name: pattern.userName.meta({ description: 'The login name. "root" changes the account that is there already.', examples: ['admin'] }),
  uid: z
    .int('a whole number from 100 to 59999')
    .min(100, 'a number from 100 to 59999')
    .max(59_999, 'a number from 100 to 59999')
    .optional()
    .meta({
      description: 'The number of the user. Where not given: the first free one from 1000 on.',
      examples: [1000],
    }),
  comment: pattern
    .text(/^[^:\n]*$/, 'text without ":"')
    .default('')
    .meta({ description: 'The full name of the user.', examples: ['Administrator'] }),
  groups: pattern.list(pattern.userName).meta({
    description: 'Further groups that the user is in; they have to exist in the image.',
    examples: [['adm', 'systemd-journal']],
  }),
  shell: pattern.absolutePath.default('/bin/bash').meta({ description: 'The login shell.', examples: ['/bin/sh'] }),
  home: pattern.absolutePath.optional().meta({
    description: 'The home folder. Where not given: /root for root, else /home and the name.',
    examples: ['/srv/admin'],
  }),
  password: pattern.password.default('locked').meta({
    description:
      '"locked" (no password works; keys do), or a hash made by `openssl passwd -6`. Everyone who reads the image or its repository can try to guess the password: prefer keys.',
    examples: ['locked'],
  }),
  keys: pattern.list(pattern.publicKey).meta({
    description: 'SSH public keys that may log in as this user, as they stand in ~/.ssh/id_ed25519.pub.',
    examples: [['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHpSQEIQczXkVx9q you@example.org']],
  }),
  sudo: pattern.flag.default(false).meta({
    description: 'Whether the user may become root with sudo, without a password. The package sudo is then installed.',
    examples: [true],
  }),
});

/** `services`: what starts with the machine. */
export const servicesSchema = z.strictObject({
  enable: pattern.list(pattern.serviceName).meta({ description: 'Services that start at boot.', examples: [['systemd-networkd']] }),
  disable: pattern.list(pattern.serviceName).meta({ description: 'Services that do not start at boot.', examples: [['apt-daily.timer']] }),
  mask: pattern.list(pattern.serviceName).meta({
    description: 'Services that cannot be started at all. Before jessie, which has no masks, the same as disable.',
    examples: [['rpcbind']],
  }),
});
