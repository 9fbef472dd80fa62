import { chmod, link, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copySparse } from '@nx-debian-image/artifact-store';
import { Failure, type Progress } from '@nx-debian-image/report';
import { fileName, type ItemSource } from './product.ts';
import { type Version, writeVersion } from './versions.ts';

/** Makes a version folder: its files as hard links or else sparse copies, `SHA256SUMS` for `sha256sum -c`, and `version.json`. */
export async function placeVersion(folder: string, version: Version, items: readonly ItemSource[], progress: Progress): Promise<void> {
  const { image } = version.product;
  await mkdir(folder, { recursive: true });
  const sums: string[] = [];
  for (const item of items) {
    const name = fileName(image, version.version, item);
    await placeFile(await realpath(await item.blobPath()), join(folder, name), item, progress);
    sums.push(`${item.sha256}  ${name}\n`);
  }
  await writeFile(join(folder, 'SHA256SUMS'), sums.toSorted((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join(''));
  await writeVersion(folder, version);
}

async function placeFile(source: string, target: string, item: ItemSource, progress: Progress): Promise<void> {
  const { size } = await stat(source);
  if (size !== item.size) throw new Failure('bad-digest', `${source} has ${size} bytes instead of ${item.size}`);
  try {
    await link(source, target);
  } catch {
    // Another file system, one without hard links, or a file of another user.
    const meter = progress.meter(`copying ${item.name}`, item.size);
    await copySparse(source, target, (count) => meter.add(count));
    await chmod(target, 0o444);
    meter.done();
  }
}
