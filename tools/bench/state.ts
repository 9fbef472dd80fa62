import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../packages/debian-image/src/host/index.ts';
import { type BenchWorkspace, imageName, writeScript } from './workspace.ts';

/** Where the stages of the measured image leave what they make. */
export function artifactFolder({ root }: Pick<BenchWorkspace, 'root'>, stage: string): string {
  return join(root, 'dist', imageName, stage);
}

/**
 * Brings a workspace in which the image has been built back to the state before the first build: empty `dist`, Nx cache and catalog, and
 * in the store only packages as they were fetched, with the lists they were chosen from; `unpacked` keeps their uncompressed copies too.
 */
export async function resetToPackages(workspace: BenchWorkspace, keep: { readonly unpacked: boolean }): Promise<void> {
  const { root, store, nx } = workspace;
  await run(nx(['daemon', '--stop'], true), { doing: "ending the copy's Nx daemon" });
  const blobs = join(store, 'blobs/sha256');
  const kept = await packageDigests(workspace);
  if (keep.unpacked) for (const digest of await unpackedDigests(store)) kept.add(digest);
  for (const name of await readdir(blobs)) if (!kept.has(name)) await rm(join(blobs, name));
  const folders = ['dist', '.nx/cache', '.nx/workspace-data', 'catalog'].map((folder) => join(root, folder));
  const made = ['memo/settings', ...(keep.unpacked ? [] : ['memo/unpacked', 'tools'])].map((folder) => join(store, folder));
  for (const folder of [...folders, ...made]) await rm(folder, { recursive: true, force: true });
  await writeScript(workspace, 'first');
}

/** The packages that are in the image and those that its tools came from, by sha256. */
async function packageDigests(workspace: BenchWorkspace): Promise<Set<string>> {
  type Packages = readonly { readonly sha256: string }[];
  const config = await readJson<{ packages: Packages; tools: Packages }>(join(artifactFolder(workspace, 'install'), 'config.json'));
  return new Set([...config.packages, ...config.tools].map(({ sha256 }) => sha256));
}

async function unpackedDigests(store: string): Promise<string[]> {
  const folder = join(store, 'memo/unpacked');
  const targets = await Promise.all((await readdir(folder)).map((name) => readlink(join(folder, name))));
  return targets.map((target) => target.split('-')[1] ?? '');
}

/** Fails where the last upload has not done this: `publish` a new version, or `keep` the one that is there. */
export async function expectUpload(workspace: BenchWorkspace, action: 'publish' | 'keep'): Promise<void> {
  const receipts = await readJson<readonly { action?: string }[]>(join(artifactFolder(workspace, 'upload'), 'receipt.json'));
  const [done] = receipts.map((receipt) => receipt.action);
  if (done !== action) throw new Error(`the measured upload was meant to ${action} and did ${done}`);
}

export async function readJson<Value>(path: string): Promise<Value> {
  return JSON.parse(await readFile(path, 'utf8')) as Value;
}
