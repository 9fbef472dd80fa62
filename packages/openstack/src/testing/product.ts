import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Part, Product } from '../publish/index.ts';

/** A part whose file is written only when it is asked for; `asked` tells the names. */
export function partOfText(folder: string, name: string, text: string, asked: string[] = []): Part {
  const bytes = Buffer.from(text);
  return {
    name,
    size: bytes.length,
    md5: createHash('md5').update(bytes).digest('hex'),
    sha512: createHash('sha512').update(bytes).digest('hex'),
    async path() {
      asked.push(name);
      const path = join(folder, `${name}-${createHash('md5').update(bytes).digest('hex')}`);
      await writeFile(path, bytes);
      return path;
    },
  };
}

/** A part that is a file already. */
export async function partOfFile(path: string): Promise<Part> {
  const bytes = await readFile(path);
  const hash = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  return { name: basename(path), size: bytes.length, md5: hash('md5'), sha512: hash('sha512'), path: () => Promise.resolve(path) };
}

/** A triplet whose bytes follow from its version; the kernel is the same for all versions unless another is named. */
export function productOf(
  folder: string,
  version: string,
  asked: string[] = [],
  more: Partial<Product> & { kernelText?: string } = {},
): Product {
  const { kernelText = 'kernel 6.1', ...rest } = more;
  return {
    name: 'bookworm',
    version,
    kernel: partOfText(folder, 'vmlinuz', kernelText, asked),
    ramdisk: partOfText(folder, 'initrd', `initrd ${version}`, asked),
    root: partOfText(folder, 'root', `root ${version} `.repeat(1000), asked),
    rootFormat: 'ami',
    keep: 2,
    common: { visibility: 'private', protected: false, tags: [], minDisk: 1, minRam: 0, properties: { os_distro: 'debian' } },
    ...rest,
  };
}
