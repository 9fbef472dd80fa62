import type { ImageSource } from './schema.ts';

export type Stage = 'install' | 'configure' | 'convert' | 'shrink' | 'extract' | 'verify' | 'upload';

type InstallSource = NonNullable<ImageSource['install']>;

/** A top-level field of image.json, or one below it with dots, as the `fields` of Nx's json inputs name them. */
export type Field =
  | keyof ImageSource
  | `disk.${keyof NonNullable<ImageSource['disk']>}`
  | `install.${keyof InstallSource}`
  | `install.installer.${keyof NonNullable<InstallSource['installer']>}`
  | `verify.${keyof NonNullable<ImageSource['verify']>}`
  | 'upload.glance';

/**
 * Which fields of image.json decide what a stage makes, beside what the stages before it leave. A change of another field does not
 * run the stage again. Fields that bring packages along (locales, timezone, network) decide install too; of `users` only whether one
 * has sudo does, which the plugin adds by itself. The first user with sudo is a property of the upload.
 */
export const stageFields: Readonly<Record<Stage, readonly Field[]>> = {
  install: [
    'release',
    'arch',
    'install.method',
    'install.mirror',
    'install.components',
    'install.pockets',
    'install.recommends',
    'install.keyring',
    'install.installer.source',
    'install.installer.preseed',
    'install.installer.disk',
    'install.installer.memory',
    'install.installer.allowUnverified',
    'kernel',
    'packages',
    'locales',
    'timezone',
    'network',
  ],
  configure: [
    'release',
    'arch',
    'packages',
    'install.recommends',
    'locales',
    'lang',
    'timezone',
    'hostname',
    'modules',
    'files',
    'users',
    'services',
    'network',
    'console',
    'growRoot',
    'scripts',
  ],
  convert: ['release', 'arch', 'growRoot', 'disk.table', 'disk.slack', 'disk.headroom', 'disk.kernel', 'disk.bare'],
  shrink: ['release', 'arch', 'growRoot', 'disk.slack'],
  extract: ['release', 'arch', 'disk.kernel', 'disk.bare'],
  verify: [
    'release',
    'arch',
    'packages',
    'locales',
    'modules',
    'network',
    'console',
    'growRoot',
    'verify.flavour',
    'verify.commands',
    // its property os_command_line is what Nova starts a triplet with
    'upload.glance',
  ],
  upload: ['release', 'arch', 'description', 'users', 'upload'],
};

/** Which other files decide with an image.json, and what of them counts: part of a stage where one of these files has a field that decides it. */
export const lineageFields: readonly Field[] = ['from', 'profiles', 'remove'];

/** Fields that an image does not take over from the one it starts from: they are no part of its tree. */
export const ownFields = [
  '$schema',
  'description',
  'disk',
  'upload',
  'from',
  'profiles',
  'remove',
] as const satisfies readonly (keyof ImageSource)[];

/**
 * Fields that decide no bytes: whoever runs an installation, and for however long, it is the same one. `verify.beforeUpload` decides what upload
 * waits for.
 */
export const fieldsOfNoStage: readonly Field[] = [
  '$schema',
  'install.installer.timeLimit',
  'install.installer.runner',
  'verify.beforeUpload',
];
