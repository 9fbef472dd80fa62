import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { keyringFile } from './keyring.ts';
import { releaseOf } from './releases.ts';

it('verifies a release with the keys of its time, both from debian-archive-keyring', async () => {
  const files = [await keyringFile(releaseOf('squeeze')), await keyringFile(releaseOf('trixie'))];
  expect(files).toEqual(['/usr/share/keyrings/debian-archive-removed-keys.gpg', '/usr/share/keyrings/debian-archive-keyring.gpg']);
  // an OpenPGP public key packet (RFC 9580, 4.2), old or new format
  for (const file of files) expect([0x98, 0x99, 0xc6]).toContain((await readFile(file))[0]);
});
