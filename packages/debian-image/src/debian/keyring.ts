import { access } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';
import type { Release } from './releases.ts';

/** The keyrings of the package debian-archive-keyring: today's keys, and those that Debian has retired. */
const files: Readonly<Record<Release['keyring'], string>> = {
  current: '/usr/share/keyrings/debian-archive-keyring.gpg',
  removed: '/usr/share/keyrings/debian-archive-removed-keys.gpg',
};

/** The keyring file that a release is verified with. Fails as `missing-tool` where this machine does not have it. */
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
