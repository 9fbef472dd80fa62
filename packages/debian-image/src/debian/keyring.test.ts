import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { keyringFile, readKeyring } from './keyring.ts';
import { releaseOf } from './releases.ts';

it('verifies a release with the keys of its time, both from debian-archive-keyring', async () => {
  const files = [await keyringFile(releaseOf('squeeze')), await keyringFile(releaseOf('trixie'))];
  expect(files).toEqual(['/usr/share/keyrings/debian-archive-removed-keys.gpg', '/usr/share/keyrings/debian-archive-keyring.gpg']);
  // an OpenPGP public key packet (RFC 9580, 4.2), old or new format
  for (const file of files) expect([0x98, 0x99, 0xc6]).toContain((await readFile(file))[0]);
});

it('takes what is chosen: in image.json, else in the environment', async () => {
  const release = releaseOf('trixie');
  const stated = { DEBIAN_IMAGE_KEYRING: import.meta.filename };
  expect(await readKeyring(release, '/images/web/archive.gpg', stated)).toEqual({ file: '/images/web/archive.gpg', own: true });
  expect(await readKeyring(release, undefined, stated)).toEqual({ file: import.meta.filename, own: true });
  expect(await readKeyring(release, undefined, {})).toEqual({ file: await keyringFile(release), own: false });
  await expect(readKeyring(release, undefined, { DEBIAN_IMAGE_KEYRING: '/nowhere.gpg' })).rejects.toMatchObject({
    reason: 'not-found',
    where: '/nowhere.gpg',
  });
});
