import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { afterwards } from '../../../../host/testing/afterwards.ts';

/** An empty folder that is removed after the tests of this file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'catalog-'));
  afterwards(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** All files and links below a folder, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1)).toSorted();
}

interface Products {
  products: Record<string, { versions: Record<string, { items: Record<string, { path: string; size: number }> }> }>;
}

/** The versions of each product that a simplestreams client finds; every file must be there in its size, every `latest` must lead to one. */
export async function listed(catalog: string): Promise<Record<string, string[]>> {
  const index = JSON.parse(await readFile(join(catalog, 'streams/v1/index.json'), 'utf8')) as { index: { images: { path: string } } };
  const { products } = JSON.parse(await readFile(join(catalog, index.index.images.path), 'utf8')) as Products;
  const found: Record<string, string[]> = {};
  for (const [name, { versions }] of Object.entries(products)) {
    found[name] = Object.keys(versions);
    for (const { items } of Object.values(versions)) {
      for (const { path, size } of Object.values(items)) expect((await stat(join(catalog, path))).size).toBe(size);
    }
    const image = name.split(':').at(-1)!;
    expect((await stat(join(catalog, image, await readlink(join(catalog, image, 'latest')), 'SHA256SUMS'))).isFile()).toBe(true);
  }
  return found;
}
