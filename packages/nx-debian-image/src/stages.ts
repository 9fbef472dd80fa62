/** A stage of an image: a target of its project, an executor of this plugin and a folder of what it leaves. */
export interface Stage {
  readonly name: StageName;
  /** The stage whose result it takes. */
  readonly after?: StageName;
  /** What it does, as `nx show project` and the list of executors tell it. */
  readonly description: string;
}

export type StageName = 'install' | 'configure' | 'convert' | 'shrink' | 'extract' | 'verify' | 'upload';

/** What can be done with an image beside its stages: never cached, and not in the key of any stage. */
export interface Aside {
  readonly name: 'shell' | 'start' | 'lock' | 'outdated' | 'diff' | 'reproduce' | 'explain';
  readonly description: string;
  /** The stage that Nx runs before it; others are run by itself where something is missing. */
  readonly after?: StageName;
  /** It stays until it is ended; targets that depend on it run beside it. */
  readonly continuous?: true;
  /** Options shown as an example in its help. */
  readonly example: Readonly<Record<string, string | boolean>>;
}

export const asides: readonly Aside[] = [
  {
    name: 'shell',
    description: 'Opens a shell in the tree of the image after a stage; nothing of it is kept',
    example: { after: 'install', command: 'dpkg -l' },
  },
  {
    name: 'start',
    after: 'extract',
    continuous: true,
    description: 'Starts the image in a machine of its own, with its console in the terminal; nothing of it is kept',
    example: { flavour: 'disk=10GiB,memory=2GiB', forward: '8080:80' },
  },
  { name: 'lock', description: 'Locks the packages of the image to exactly what the archive has now, in image.lock.json', example: {} },
  {
    name: 'outdated',
    description: 'Says which packages a refresh of the lock would change, and which come from the security suite',
    example: { json: true },
  },
  {
    name: 'diff',
    description: 'Compares the last build of the image with another one: packages, files and sizes',
    example: { with: 'another-image' },
  },
  { name: 'reproduce', description: 'Builds the image twice without any cache and compares the bytes of every stage', example: {} },
  {
    name: 'explain',
    description: 'Says which stages would run and which of their inputs differ from the last run',
    example: { stage: 'configure', json: true },
  },
];

/** The stages in the order in which they run. */
export const stages: readonly Stage[] = [
  {
    name: 'install',
    description: 'Installs Debian and the packages, into a root file system or by debian-installer on a disk, without root',
  },
  { name: 'configure', after: 'install', description: 'Adds files, users, services, locales and scripts as one more layer' },
  { name: 'convert', after: 'configure', description: 'Makes a raw disk of the layers: partition table, one ext4 root' },
  { name: 'shrink', after: 'convert', description: 'Makes the root file system as small as it can be and still grow' },
  { name: 'extract', after: 'shrink', description: 'Takes out kernel, ramdisk and root file system, with their checksums and sizes' },
  { name: 'verify', after: 'extract', description: 'Starts the image as a cloud would and reports whether it is what image.json says' },
  { name: 'upload', after: 'extract', description: 'Publishes the image to a catalog folder, OpenStack Glance or an OCI registry' },
];
