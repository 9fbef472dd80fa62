import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSystemTools } from '../../disk/tools.ts';
import { configDrive, listInside, type MachineDisk, noCloudSeed, readInside, type Seed } from '../../machine/index.ts';

/** How an instance comes by the key that root is logged in with. */
export interface Access {
  /** As a report names it. */
  readonly key: 'the injected key' | 'the key of a config drive' | 'the key of a NoCloud seed';
  /** Makes the disk that a cloud tells it by; undefined where the key is put into the root file system. */
  readonly seed?: (seed: Seed) => Buffer;
}

const injected: Access = { key: 'the injected key' };
const drive: Access = { key: 'the key of a config drive', seed: configDrive };
const noCloud: Access = { key: 'the key of a NoCloud seed', seed: noCloudSeed };

/** For a first and a second instance. An image with cloud-init is told by a disk, of both kinds where it looks for both. */
export async function accessFor(installed: ReadonlySet<string>, root: string, tools: FileSystemTools): Promise<readonly [Access, Access]> {
  if (!installed.has('cloud-init')) return [injected, injected];
  const folder = '/etc/cloud/cloud.cfg.d';
  const names = (await listInside(tools, root, folder)).filter((name) => name.endsWith('.cfg')).toSorted();
  const texts = [await readInside(tools, root, '/etc/cloud/cloud.cfg')];
  for (const name of names) texts.push(await readInside(tools, root, `${folder}/${name}`));
  return sourcesIn(texts)?.includes('NoCloud') === false ? [drive, drive] : [drive, noCloud];
}

/** The sources that cloud-init's files have it ask, of which the last one counts; undefined where none says so, and it asks all. Pure. */
export function sourcesIn(texts: readonly string[]): string[] | undefined {
  const lists = texts.flatMap((text) => [...text.matchAll(/^datasource_list:\s*\[([^\]]*)\]/gm)].map((match) => match[1]!));
  return lists
    .at(-1)
    ?.split(',')
    .map((name) => name.trim().replaceAll(/["']/g, ''));
}

/** cloud-init gives the key to its own user, and to root only where that is allowed. */
const userData = '#cloud-config\ndisable_root: false\n';

/** The disks, beside its first, that tell an instance its key. */
export async function seedDisks({ seed }: Access, publicKey: string, folder: string, hostname: string): Promise<MachineDisk[]> {
  if (seed === undefined) return [];
  const path = join(folder, 'seed.iso');
  await writeFile(path, seed({ instance: 'verify', hostname, publicKeys: [publicKey], userData }));
  return [{ path, format: 'raw', readOnly: true }];
}
