import { resolve } from 'node:path';
import { releaseOf } from '../../debian/releases.ts';
import { nextVersion, publish, rollback, versionNames } from './catalog/index.ts';
import { type PartName, partOf, type Receipt, type UploadRequest } from './request.ts';

/** What simplestreams calls the parts: MAAS's names for kernel and ramdisk. */
const types: Readonly<Record<PartName, string>> = { kernel: 'boot-kernel', ramdisk: 'boot-initrd', root: 'root.ext4' };

/** Publishes a triplet in the catalog folder, or with `rollback` the version before. Failures: see `catalog/publish`. */
export async function uploadToCatalog(request: UploadRequest): Promise<Receipt> {
  const { image, options, workspaceRoot, progress, signal, facts } = request;
  const settings = image.upload.catalog ?? { folder: 'catalog', keep: 3 };
  const catalog = resolve(workspaceRoot, options.catalog ?? settings.folder);
  const dryRun = options.dryRun ?? false;
  const name = image.upload.name;
  if (options.rollback) return { to: 'catalog', catalog, ...(await rollback({ catalog, image: name, dryRun, progress, signal })) };
  const release = releaseOf(image.release);
  const items = (Object.keys(types) as PartName[]).map((part) => {
    const { path, ...file } = partOf(request, part);
    return { ...file, ftype: types[part], blobPath: path };
  });
  const published = await publish({
    catalog,
    keep: options.keep ?? settings.keep,
    product: {
      image: name,
      release: { codename: release.name, version: String(release.version) },
      architecture: facts.architecture,
      os: 'Debian',
      ...(image.description === undefined ? {} : { description: image.description }),
    },
    version: nextVersion(await versionNames(catalog, name), new Date().toISOString().slice(0, 10).replaceAll('-', '')),
    items,
    dryRun,
    progress,
    signal,
  });
  return { to: 'catalog', catalog, ...published };
}
