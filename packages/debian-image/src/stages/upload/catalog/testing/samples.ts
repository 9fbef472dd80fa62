import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Item, ItemSource, Product } from '../product.ts';
import { type Version, versionFormat } from '../versions.ts';

/** Squeeze, under a name of its own. */
export function product(image = 'squeeze-amd64'): Product {
  return { image, release: { codename: 'squeeze', version: '6.0' }, architecture: 'amd64', description: 'Small and old', os: 'Debian' };
}

/** An item with the hashes of a text. */
export function item(name: string, content: string): Item {
  const hash = (algorithm: string): string => createHash(algorithm).update(content).digest('hex');
  return { name, ftype: name, size: Buffer.byteLength(content), sha256: hash('sha256'), sha512: hash('sha512'), md5: hash('md5') };
}

/** A triplet whose files say what they are; `asked` hears of each that is asked for. */
export async function triplet(folder: string, content: string, asked: string[] = []): Promise<ItemSource[]> {
  const sources: ItemSource[] = [];
  for (const name of ['vmlinuz', 'initrd', 'root.ext4']) {
    const path = join(folder, `${name}-${content}`);
    await writeFile(path, `${name} ${content}`);
    const blobPath = (): Promise<string> => {
      asked.push(name);
      return Promise.resolve(path);
    };
    sources.push({ ...item(name, `${name} ${content}`), blobPath });
  }
  return sources;
}

/** A version as its folder tells it. */
export function version(name: string, content: string, more: Partial<Version> = {}): Version {
  return { format: versionFormat, product: product(), version: name, items: [item('vmlinuz', content)], ...more };
}
