import { mkdir, mkdtemp, open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Descriptor, Store, writeArtifact } from '@nx-debian-image/artifact-store';
import { type Progress, silent } from '@nx-debian-image/report';
import { command, run } from '../../../host/index.ts';
import { bootCode } from '../../../machine/testing/boot-sector.ts';
import { makeTinyGuest } from '../../../machine/testing/tiny-guest.ts';
import type { StageRequest } from '../../open-build.ts';

/** Where the root file system of the test's bare disk begins. */
export const rootStart = 1 << 20;
export const bareBytes = 32 << 20;

const doing = 'making an image to start';

/** A workspace with two images that are built: `web`, with a bare disk for a BIOS, and `plain` without. Their kernel is real, their root nearly empty. */
export async function startedWorkspace(folder: string): Promise<{ workspaceRoot: string; store: Store }> {
  const store = await Store.open(join(folder, 'store'));
  const guest = await makeTinyGuest(await mkdtemp(join(folder, 'guest-')));
  const rootPath = await root(folder);
  const diskPath = await bareDisk(folder, rootPath);
  // the store takes the files over
  const put = (path: string): Promise<Descriptor> => store.putFile(path);
  const blobs = [
    { name: 'vmlinuz', descriptor: await put(guest.kernel) },
    { name: 'initrd', descriptor: await put(guest.ramdisk) },
    { name: 'root.ext4', descriptor: await put(rootPath) },
  ];
  const disk = { name: 'disk.qcow2', descriptor: await put(diskPath) };
  const bare = { virtualSize: bareBytes, firmware: ['bios'] };
  for (const [name, extracted] of Object.entries({ web: { config: { bare }, blobs: [...blobs, disk] }, plain: { config: {}, blobs } })) {
    await mkdir(join(folder, 'images', name), { recursive: true });
    await writeFile(join(folder, 'images', name, 'image.json'), JSON.stringify({ release: 'bookworm', arch: 'amd64' }));
    await writeArtifact(join(folder, 'dist', name, 'extract'), store, { stage: 'extract', ...extracted });
    await writeArtifact(join(folder, 'dist', name, 'install'), store, { stage: 'install', config: { packages: [] }, blobs: [] });
  }
  return { workspaceRoot: folder, store };
}

/** An ext4 of 16 MiB with a home for root. */
async function root(folder: string): Promise<string> {
  const tree = join(folder, 'tree');
  await mkdir(join(tree, 'root'), { recursive: true });
  const path = join(folder, 'root.ext4');
  await run(command('mke2fs', ['-q', '-t', 'ext4', '-d', tree, path, '16M']), { doing });
  return path;
}

/** A boot sector that only says hello, and that root in a partition. */
async function bareDisk(folder: string, rootPath: string): Promise<string> {
  const raw = join(folder, 'bare.raw');
  await writeFile(raw, bootCode());
  await truncate(raw, bareBytes);
  await run(command('sfdisk', ['--no-reread', '--quiet', raw]), { doing, input: 'label: dos\nstart=2048, type=83, bootable\n' });
  const file = await open(raw, 'r+');
  await file.write(await readFile(rootPath), 0, undefined, rootStart);
  await file.close();
  const path = join(folder, 'bare.qcow2');
  await run(command('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, path]), { doing });
  return path;
}

/** What one start is asked, and what it says. `onLine` hears each line. */
export function startRequest(
  workspaceRoot: string,
  image: 'web' | 'plain',
  options: StageRequest['options'],
  signal: AbortSignal,
  onLine: (line: string) => void = () => {},
): StageRequest {
  const progress: Progress = { ...silent, step: onLine, note: onLine, warn: onLine };
  const environment = { ...process.env, DEBIAN_IMAGE_STORE: join(workspaceRoot, 'store') };
  const neighbours = { image: new Map<string, string>(), profile: new Map<string, string>() };
  return { workspaceRoot, projectRoot: `images/${image}`, neighbours, options, progress, signal, environment };
}

/** The files of the one machine that runs, or none. */
export async function scratchFiles(store: Store): Promise<string[]> {
  const folder = join(store.folder, 'scratch');
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files.map((file) => join(folder, file));
}
