import { resolve } from 'node:path';
import { releaseOf } from '../../debian/releases.ts';
import type { FormName } from '../../disk/forms/names.ts';
import type { ExtractConfig, ExtractedFile } from '../extract/facts.ts';
import { nextVersion, publish, rollback, versionNames } from './catalog/index.ts';
import type { Receipt, UploadRequest } from './request.ts';

/** What simplestreams calls the parts of a triplet: MAAS's names for kernel and ramdisk. */
const partTypes = { kernel: 'boot-kernel', ramdisk: 'boot-initrd', root: 'root.ext4' } as const;

/** What it calls the forms of a bare disk: Ubuntu's names, of which clients take `disk1.img` and `uefi1.img` for a qcow2. */
const formTypes = {
  qcow2: 'disk1.img',
  raw: 'disk.raw',
  vmdk: 'vmdk',
  vhd: 'vhd',
  vdi: 'vdi',
  'raw.xz': 'disk.raw.xz',
  uec: 'tar.gz',
} as const;

/** The files of an image with the types that simplestreams has for them. */
export function catalogFiles({ files, bare }: ExtractConfig): { file: ExtractedFile; ftype: string }[] {
  const triplet = (Object.keys(partTypes) as (keyof typeof partTypes)[]).map((part) => ({ file: files[part], ftype: partTypes[part] }));
  const forms = Object.entries(bare?.forms ?? {}).map(([form, file]) => {
    const uefiOnly = form === 'qcow2' && bare?.firmware.includes('bios') === false;
    return { file, ftype: uefiOnly ? 'uefi1.img' : formTypes[form as FormName] };
  });
  return [...triplet, ...forms];
}

/** Publishes an image in the catalog folder, or with `rollback` the version before. Failures: see `catalog/publish`. */
export async function uploadToCatalog(request: UploadRequest): Promise<Receipt> {
  const { image, options, workspaceRoot, progress, signal, facts } = request;
  const settings = image.upload.catalog ?? { folder: 'catalog', keep: 3 };
  const catalog = resolve(workspaceRoot, options.catalog ?? settings.folder);
  const dryRun = options.dryRun ?? false;
  const name = image.upload.name;
  if (options.rollback) return { to: 'catalog', catalog, ...(await rollback({ catalog, image: name, dryRun, progress, signal })) };
  const release = releaseOf(image.release);
  const items = catalogFiles(facts).map(({ file, ftype }) => ({ ...file, ftype, blobPath: () => request.part(file) }));
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
