import { kernelPackage } from '../debian/kernels.ts';
import { releaseOf } from '../debian/releases.ts';
import type { ParsedImage } from './schema.ts';

type Written<Field extends keyof ParsedImage> = NonNullable<ParsedImage[Field]>;

/** An account with everything filled in. */
export type User = Written<'users'>[number] & { readonly home: string };

/** Something to copy into the image with everything filled in; without `mode` each file keeps its execute bit (0755 or 0644). */
export type ImageFile = Omit<Written<'files'>[number], 'mode'> & {
  /** As a number, such as 0o644. */
  readonly mode: number | undefined;
};

/** An image with every default filled in and sizes in bytes; paths are relative to `folder` as in image.json. */
export interface Image extends Omit<ParsedImage, '$schema' | 'kernel' | 'lang' | 'install' | 'users' | 'files' | 'upload'> {
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
  readonly upload: ParsedImage['upload'] & { readonly name: string };
}

/** A root file system that stays as it is must have room for the logs and caches of a running system. */
const slackForWork = 64 << 20;

/** Fills in the defaults that depend on other fields or on the folder. */
export function resolveImage({ $schema: _schema, ...parsed }: ParsedImage, folder: string, name: string): Image {
  const { release, arch, install, upload, disk, growRoot } = parsed;
  return {
    ...parsed,
    name,
    folder,
    kernel: parsed.kernel ?? (kernelPackage(releaseOf(release), arch, 'cloud') === undefined ? 'generic' : 'cloud'),
    lang: parsed.lang ?? (releaseOf(release).unicodeC ? 'C.UTF-8' : 'C'),
    install: { ...install, pockets: install.pockets ?? (release === 'sid' ? [] : ['updates', 'security']) },
    disk: { ...disk, slack: disk.slack ?? (growRoot ? undefined : slackForWork) },
    users: parsed.users.map((user) => ({ ...user, home: user.home ?? (user.name === 'root' ? '/root' : `/home/${user.name}`) })),
    files: parsed.files.map((file) => ({
      ...file,
      group: file.group ?? (file.owner === 'root' ? 'root' : undefined),
      mode: file.mode === undefined ? undefined : Number.parseInt(file.mode, 8),
    })),
    upload: {
      ...upload,
      name: upload.name ?? name,
      ...(upload.catalog === undefined && upload.glance === undefined ? { catalog: { folder: 'catalog', keep: 3 } } : {}),
    },
  };
}
