import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import type { Release } from './releases.ts';

/** The keyrings of the package debian-archive-keyring: today's keys, and those that Debian has retired. */
const files: Readonly<Record<Release['keyring'], string>> = {
  current: '/usr/share/keyrings/debian-archive-keyring.gpg',
  removed: '/usr/share/keyrings/debian-archive-removed-keys.gpg',
};

/** The keys that an archive is verified with. */
export interface Keyring {
  readonly file: string;
  /** Whether somebody chose it: then an archive of one's own may be signed with it, whose keys no Debian knows. */
  readonly own: boolean;
}

/**
 * The keyring of image.json (`configured`, a path), else of DEBIAN_IMAGE_KEYRING, else Debian's. Fails as `not-found` where the environment
 * names a file that is not there, and as `keyringFile`.
 */
export async function readKeyring(release: Release, configured: string | undefined, environment: NodeJS.ProcessEnv): Promise<Keyring> {
  if (configured !== undefined) return { file: configured, own: true };
  const stated = environment['DEBIAN_IMAGE_KEYRING'];
  if (stated === undefined || stated === '') return { file: await keyringFile(release), own: false };
  const file = resolve(stated);
  await access(file).catch(() => {
    throw new Failure('not-found', 'there is no such keyring', { where: file, hint: 'DEBIAN_IMAGE_KEYRING must name a keyring (.gpg).' });
  });
  return { file, own: true };
}

/** The keyring file of Debian that a release is verified with. Fails as `missing-tool` where this machine does not have it. */
export async function keyringFile({ keyring, name }: Release): Promise<string> {
  const file = files[keyring];
  await access(file).catch(() => {
    throw new Failure('missing-tool', `the keyring that signs ${name} is not on this machine`, {
      where: file,
      hint: 'Install the package debian-archive-keyring, or name a keyring in install.keyring of image.json.',
    });
  });
  return file;
}
