import { readFile } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';
import { command, run } from '../../host/index.ts';
import type { Release } from '../releases.ts';
import { archiveMirror, chooseMirror, defaultMirror, indexTargetFormat, type Mirror } from './choose.ts';

const debootstrapPrograms = ['/usr/sbin/debootstrap', '/usr/bin/debootstrap'];

/** The mirror to build a release from. Fails as `not-found` where neither image.json, environment, apt nor debootstrap names one. */
export async function readMirror(release: Release, configured: string | undefined, environment: NodeJS.ProcessEnv): Promise<Mirror> {
  const stated = {
    configured,
    environment: environment['DEBIAN_IMAGE_MIRROR'],
    environmentSecurity: environment['DEBIAN_IMAGE_SECURITY_MIRROR'],
    indexTargets: '',
    debootstrap: '',
  };
  // asking apt takes half a second, so only where nothing before it decides
  const mirror =
    chooseMirror(release, stated) ??
    chooseMirror(release, { ...stated, indexTargets: await readIndexTargets(), debootstrap: await readDebootstrap() });
  if (mirror) return mirror;
  throw new Failure('not-found', `no Debian mirror is known for ${release.name}`, {
    where: 'image.json: install.mirror',
    hint: 'Set install.mirror in image.json or DEBIAN_IMAGE_MIRROR, or install debootstrap, which ships a default.',
  });
}

/**
 * The mirror that an image's own apt is told when image.json names none: debootstrap's, for it is no fact of this machine, or the archive
 * for a release that is only there.
 */
export async function readPublicMirror(release: Pick<Release, 'archived'>): Promise<string | undefined> {
  return release.archived ? archiveMirror : defaultMirror(await readDebootstrap());
}

async function readIndexTargets(): Promise<string> {
  const targets = command('apt-get', ['indextargets', '--format', indexTargetFormat, 'Created-By: Packages']);
  try {
    return (await run(targets, { doing: "reading this machine's apt sources" })).stdout;
  } catch (error) {
    if (error instanceof Failure && error.reason !== 'cancelled') return '';
    throw error;
  }
}

async function readDebootstrap(): Promise<string> {
  for (const program of debootstrapPrograms) {
    try {
      return await readFile(program, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return '';
}
