import { expect, it } from 'vitest';
import { explainUpdate } from './update.ts';

const release = "E: The repository 'http://mirror/debian x InRelease' is not signed.";

it.each([
  [
    'bad-signature',
    `W: GPG error: http://mirror x InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 0123\n${release}`,
  ],
  ['bad-signature', `W: GPG error: http://mirror x InRelease: The following signatures were invalid: BADSIG 0123 Test\n${release}`],
  [
    'bad-signature',
    'E: Release file for http://mirror/dists/x/InRelease is expired (invalid since 1d 2h). Updates for this repository will not be applied.',
  ],
  ['bad-signature', 'E: Release file for http://mirror/dists/x/InRelease is not valid yet (invalid for another 2h).'],
  ['bad-digest', 'E: Failed to fetch http://mirror/dists/x/main/binary-amd64/Packages  Hash Sum mismatch'],
  [
    'bad-digest',
    'E: Failed to fetch http://mirror/Packages.xz  File has unexpected size (1 != 2). Mirror sync in progress? [IP: 127.0.0.1 80]',
  ],
  ['not-found', "E: The repository 'http://mirror nosuch Release' does not have a Release file."],
  ['not-found', 'E: Failed to fetch http://mirror/dists/x/InRelease  404  Not Found [IP: 127.0.0.1 80]'],
  [
    'unreachable',
    'W: Failed to fetch http://mirror/dists/x/InRelease  Could not connect to 127.0.0.1:1 (127.0.0.1). - connect (111: Connection refused)',
  ],
  ['unreachable', 'E: Failed to fetch http://nowhere/dists/x/InRelease  Temporary failure resolving nowhere'],
  ['unreachable', 'E: Failed to fetch http://mirror/dists/x/InRelease  502  Bad Gateway [IP: 127.0.0.1 80]'],
])('%s: %s', (reason, said) => {
  const failure = explainUpdate(`Reading package lists...\n${said}`);
  expect(failure).toMatchObject({ reason, said, message: expect.stringMatching(/^fetching the package lists: /) });
});

it('leaves other failures as they are', () => {
  expect(explainUpdate('E: Malformed entry 1 in list file /apt/etc/sources.list (Component)')).toBeUndefined();
});
