import { join } from 'node:path';
import { kernelPackage } from '../debian/kernels.ts';
import { releaseOf } from '../debian/releases.ts';
import type { ParsedImage } from './schema.ts';
import { installerSchema } from './schema-installer.ts';

type Written<Field extends keyof ParsedImage> = NonNullable<ParsedImage[Field]>;

/** An account with everything filled in. */
export type User = Written<'users'>[number] & { readonly home: string };

/** Something to copy into the image with everything filled in; without `mode` each file keeps its execute bit (0755 or 0644). */
export type ImageFile = Omit<Written<'files'>[number], 'mode'> & {
  /** The file or folder on this machine, absolute. */
  readonly source: string;
  /** As a number, such as 0o644. */
  readonly mode: number | undefined;
};

/** A script of an image or of one of its profiles. */
export interface ImageScript {
  /** As it is written. */
  readonly path: string;
  /** The file on this machine, absolute. */
  readonly source: string;
}

type Elsewhere = '$schema' | 'kernel' | 'lang' | 'install' | 'users' | 'files' | 'scripts' | 'upload' | 'from' | 'profiles' | 'remove';

/** An image with its profiles merged in, every default filled in, and sizes in bytes. */
export interface Image extends Omit<ParsedImage, Elsewhere> {
  /** The name of its folder. */
  readonly name: string;
  /** Its folder, absolute. */
  readonly folder: string;
  /** `cloud`, `generic` or the name of a package. */
  readonly kernel: string;
  readonly lang: string;
  readonly install: ParsedImage['install'] & { readonly pockets: readonly ('updates' | 'security' | 'backports')[] };
  readonly users: readonly User[];
  readonly files: readonly ImageFile[];
  readonly scripts: readonly ImageScript[];
  /** The image whose configured tree this one starts from; what that one says is part of this one too. */
  readonly parent?: Image;
  readonly upload: ParsedImage['upload'] & { readonly name: string };
}

/** A root file system that stays as it is must have room for the logs and caches of a running system. */
const slackForWork = 64 << 20;

/**
 * Fills in the defaults that depend on other fields or on the folder. `folderOf` gives the folder that a path of the file is relative
 * to, such as that of the profile that names `scripts[0]`.
 */
export function resolveImage(
  parsed: ParsedImage,
  folder: string,
  name: string,
  { parent, folderOf = () => folder }: { readonly parent?: Image | undefined; readonly folderOf?: (path: string) => string } = {},
): Image {
  const { $schema: _schema, from: _from, profiles: _profiles, remove: _remove, ...own } = parsed;
  const { release, arch, install, upload, disk, growRoot } = own;
  return {
    ...own,
    ...(parent === undefined ? {} : { parent }),
    name,
    folder,
    kernel: parsed.kernel ?? (kernelPackage(releaseOf(release), arch, 'cloud') === undefined ? 'generic' : 'cloud'),
    lang: parsed.lang ?? (releaseOf(release).unicodeC ? 'C.UTF-8' : 'C'),
    install: {
      ...install,
      pockets: install.pockets ?? (release === 'sid' ? [] : ['updates', 'security']),
      ...(install.method === 'installer' ? { installer: install.installer ?? installerSchema.parse({}) } : {}),
    },
    disk: { ...disk, slack: disk.slack ?? (growRoot ? undefined : slackForWork) },
    users: parsed.users.map((user) => ({ ...user, home: user.home ?? (user.name === 'root' ? '/root' : `/home/${user.name}`) })),
    scripts: parsed.scripts.map((path, index) => ({ path, source: join(folderOf(`scripts[${index}]`), path) })),
    files: parsed.files.map((file, index) => ({
      ...file,
      source: join(folderOf(`files[${index}]`), file.source),
      group: file.group ?? (file.owner === 'root' ? 'root' : undefined),
      mode: file.mode === undefined ? undefined : Number.parseInt(file.mode, 8),
    })),
    upload: {
      ...upload,
      name: upload.name ?? name,
      ...([upload.catalog, upload.glance, upload.registry].every((target) => target === undefined)
        ? { catalog: { folder: 'catalog', keep: 3 } }
        : {}),
    },
  };
}
