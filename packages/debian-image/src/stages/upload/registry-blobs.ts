import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Descriptor, digestOf, type Hashed, hashing, inFolder, titleAnnotation } from '@nx-debian-image/artifact-store';
import type { RegistryForm } from '../../disk/forms/names.ts';
import { containerDiskConfig, containerDiskLayer } from './container-disk.ts';
import { createdAt, emptyConfig, formTypes } from './registry-forms.ts';

/** A blob and the file that it is. */
interface BlobFile {
  readonly blob: Descriptor;
  readonly path: string;
}

interface DiskFile {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly path: string;
}

/** What a form consists of, as files; those that are made are in the folder. `seconds` since 1970 is the time of what is in them. */
export async function blobsOf(
  form: RegistryForm,
  disk: DiskFile,
  { arch, seconds, folder }: { readonly arch: string; readonly seconds: number; readonly folder: string },
): Promise<{ config: BlobFile; layer: BlobFile }> {
  const types = formTypes[form];
  const path = join(folder, 'config.json');
  const configFile = async (text: string): Promise<BlobFile> => {
    await inFolder(folder, () => writeFile(path, text));
    return { path, blob: { mediaType: types.config, digest: digestOf(text), size: Buffer.byteLength(text) } };
  };
  if (form === 'disk') {
    const { name, sha256, size } = disk;
    const blob = { mediaType: types.layer, digest: `sha256:${sha256}` as const, size, annotations: { [titleAnnotation]: name } };
    return { config: await configFile(emptyConfig), layer: { blob, path: disk.path } };
  }
  const file = join(folder, 'layer.tar');
  const written = await inFolder(folder, () => writeHashed(containerDiskLayer(disk, seconds), file));
  const config = await configFile(containerDiskConfig(arch, written.digest, createdAt(seconds)));
  return { config, layer: { blob: { mediaType: types.layer, ...written }, path: file } };
}

async function writeHashed(source: AsyncIterable<Buffer>, path: string): Promise<Hashed> {
  const { pass, result } = hashing();
  await pipeline(Readable.from(pass(source), { objectMode: false }), createWriteStream(path));
  return result();
}
