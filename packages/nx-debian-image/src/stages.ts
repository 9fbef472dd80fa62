/** A stage of an image: a target of its project, an executor of this plugin and a folder of what it leaves. */
export interface Stage {
  readonly name: StageName;
  /** The stage whose result it takes. */
  readonly after?: StageName;
  /** What it does, as `nx show project` and the list of executors tell it. */
  readonly description: string;
}

export type StageName = 'install' | 'configure' | 'convert' | 'shrink' | 'extract' | 'upload';

/** Beside the stages: a look into what they leave. */
export const shell = { name: 'shell', description: 'Opens a shell in the tree of the image after a stage; nothing of it is kept' } as const;

/** Beside the stages: a proof that nothing but its inputs decides an image. */
export const reproduce = {
  name: 'reproduce',
  description: 'Builds the image twice without any cache and compares the bytes of every stage',
} as const;

/** Beside the stages: why they would run. */
export const explain = {
  name: 'explain',
  description: 'Says which stages would run and which of their inputs differ from the last run',
} as const;

/** The stages in the order in which they run. */
export const stages: readonly Stage[] = [
  { name: 'install', description: 'Installs Debian and the packages into a root file system, without root' },
  { name: 'configure', after: 'install', description: 'Adds files, users, services, locales and scripts as one more layer' },
  { name: 'convert', after: 'configure', description: 'Makes a raw disk of the layers: partition table, one ext4 root' },
  { name: 'shrink', after: 'convert', description: 'Makes the root file system as small as it can be and still grow' },
  { name: 'extract', after: 'shrink', description: 'Takes out kernel, ramdisk and root file system, with their checksums and sizes' },
  { name: 'upload', after: 'extract', description: 'Publishes the image to a catalog folder or to OpenStack Glance' },
];
