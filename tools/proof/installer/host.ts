import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds, startLibvirtd } from '../../../packages/debian-image/src/machine/libvirt/testing/libvirtd.ts';
import type { LibvirtHost } from '../../../packages/debian-image/src/machine/libvirt/host.ts';

/** A real libvirtd with a pool, of root or of a plain user as this process is; its files are in a folder that goes with it. */
export interface ProofHost {
  readonly runner: LibvirtHost;
  stop(): Promise<void>;
}

/** Starts one. Its folder is where the user of its guests can reach it too, unlike a checkout in a home. */
export async function startHost(): Promise<ProofHost> {
  const folder = await mkdtemp(join(tmpdir(), 'libvirt-'));
  await chmod(folder, 0o755);
  const daemon = await startLibvirtd(folder, kinds[0]!);
  const stop = async (): Promise<void> => {
    await daemon.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { runner: daemon.host, stop };
}

/** Writes into an image.json that its installer runs on this host. */
export async function installOn({ runner }: ProofHost, path: string): Promise<void> {
  const image = JSON.parse(await readFile(path, 'utf8')) as { install: { installer?: object } };
  image.install.installer = { ...image.install.installer, runner: { libvirt: runner } };
  await writeFile(path, `${JSON.stringify(image, undefined, 2)}\n`);
}
