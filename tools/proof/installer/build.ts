import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMirror } from '../../../packages/debian-image/src/debian/mirror/read.ts';
import { keyringFile } from '../../../packages/debian-image/src/debian/keyring.ts';
import { releaseOf } from '../../../packages/debian-image/src/debian/releases.ts';
import { type Image, readImage } from '../../../packages/debian-image/src/image/index.ts';
import { runStage } from '../../../packages/debian-image/src/index.ts';
import { formatDuration } from '../../../packages/report/src/index.ts';
import { builtFacts, type ProofOptions } from '../build.ts';
import type { Row } from '../table.ts';
import { throughGlance } from './cloud.ts';
import { installOn, startHost } from './host.ts';
import { type FilledMirror, serveFilled } from './mirror.ts';

const stages = ['install', 'configure', 'convert', 'shrink', 'extract'] as const;

/** Whether an image is made by debian-installer, as its image.json says it. */
export async function isInstalled({ workspace, image }: Pick<ProofOptions, 'workspace' | 'image'>): Promise<boolean> {
  const written = JSON.parse(await readFile(join(workspace, 'images', image, 'image.json'), 'utf8')) as { install?: { method?: string } };
  return written.install?.method === 'installer';
}

/** What an installation has left. */
export interface Installed {
  readonly row: Pick<Row, 'kernel' | 'root' | 'built'>;
  /** A workspace with this image alone and what its stages left. */
  readonly workspace: string;
  /** A folder with the triplet, as a cloud gave it. */
  readonly files: string;
}

export interface InstallerProofOptions extends ProofOptions {
  readonly scratch: string;
  /** Whether the installer's machine is one of a libvirtd that is started for it. */
  readonly libvirt: boolean;
}

/**
 * Builds an image by debian-installer, anew and without Nx: in a workspace of its own, from a mirror without gaps
 * and its key. It goes into a real Glance and out again. The installer's console stays beside it, as `IMAGE.console.log`.
 */
export async function buildByInstaller(options: InstallerProofOptions): Promise<Installed> {
  const { image: name, progress, signal, scratch } = options;
  const begin = Date.now();
  const image = await readImage(join(options.workspace, 'images', name));
  const folder = await mkdtemp(join(scratch, 'mirror-'));
  const workspace = join(scratch, `${name}-workspace`);
  const mirror = await startMirror(image, folder, options);
  const host = options.libvirt ? await startHost() : undefined;
  try {
    await rm(workspace, { recursive: true, force: true });
    await cp(join(options.workspace, 'images', name), join(workspace, 'images', name), { recursive: true });
    if (host) await installOn(host, join(workspace, 'images', name, 'image.json'));
    const keyring = join(folder, 'archive.gpg');
    await writeFile(keyring, Buffer.concat([await readFile(await keyringFile(releaseOf(image.release))), mirror.key]));
    const environment = {
      ...process.env,
      DEBIAN_IMAGE_MIRROR: mirror.main,
      DEBIAN_IMAGE_SECURITY_MIRROR: mirror.security,
      DEBIAN_IMAGE_KEYRING: keyring,
    };
    const neighbours = { image: new Map<string, string>(), profile: new Map<string, string>() };
    for (const stage of stages) {
      progress.step(`${name}: ${stage}`);
      const request = { workspaceRoot: workspace, projectRoot: `images/${name}`, neighbours, options: {}, progress, signal, environment };
      await runStage(stage, request);
      if (stage === 'install') await copyFile(join(workspace, 'dist', name, 'install/console.log'), join(scratch, `${name}.console.log`));
    }
    const row = { ...(await builtFacts(workspace, name)), built: formatDuration(Date.now() - begin) };
    return { row, workspace, files: await throughGlance({ ...options, workspace }) };
  } finally {
    await host?.stop();
    await mirror.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startMirror(image: Image, folder: string, { progress }: ProofOptions): Promise<FilledMirror> {
  const release = releaseOf(image.release);
  const upstream = await readMirror(release, image.install.mirror, process.env);
  return serveFilled({ upstream, release, architecture: image.arch, folder, progress });
}
