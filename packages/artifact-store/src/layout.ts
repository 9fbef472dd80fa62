import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from './file-errors.ts';
import { ownedName } from './owner.ts';

/** The two files that make a folder an OCI image layout, https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md. */
const files = {
  'index.json': { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] },
  'oci-layout': { imageLayoutVersion: '1.0.0' },
};

/** Makes what is missing of a store's folder; several processes may do so at once. */
export async function layOut(folder: string): Promise<void> {
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  await mkdir(join(folder, 'scratch'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if ((await unlessMissing(stat(path))) !== undefined) continue;
    const temporary = join(folder, 'scratch', await ownedName());
    await writeFile(temporary, `${JSON.stringify(content)}\n`);
    await rename(temporary, path);
  }
}
