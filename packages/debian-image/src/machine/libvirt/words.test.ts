import { expect, it } from 'vitest';
import { type LibvirtHost, virshCommand } from './host.ts';
import { explainVirsh } from './words.ts';

const host: LibvirtHost = { connect: 'qemu+ssh://host/system', pool: 'images', network: 'lan' };

// as virsh 9.0 and ssh 9.2 say it
it.each([
  ["error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory", 'unreachable', 'no libvirt answers at'],
  ["error: Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied", 'refused', 'may not be used by this user'],
  [
    "error: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
    'refused',
    'may not be used by this user',
  ],
  [
    'error: Cannot recv data: ssh: connect to host host port 22: Connection refused: Connection reset by peer',
    'unreachable',
    'no libvirt answers at',
  ],
  ['error: Cannot recv data: Host key verification failed.: Connection reset by peer', 'refused', 'ssh is refused by'],
  ['error: Cannot recv data: me@host: Permission denied (publickey).: Connection reset by peer', 'refused', 'ssh is refused by'],
  ["error: unable to connect to server at '127.0.0.1:16509': Connection refused", 'unreachable', 'no libvirt answers at'],
  ['error: Disconnected from qemu+ssh://host/system due to end of file', 'unreachable', 'no libvirt answers at'],
  ["error: Storage pool not found: no storage pool with matching name 'images'", 'not-found', 'has no storage pool "images"'],
  ["error: Requested operation is not valid: storage pool 'images' is not active", 'not-found', 'storage pool "images" of'],
  ["error: Network not found: no network with matching name 'lan'", 'not-found', 'has no network "lan"'],
  ["error: cannot extend file '/pool/disk': No space left on device", 'no-space', 'no room is left in the storage pool "images"'],
])('%s', (said, reason, message) => {
  expect(explainVirsh(said, 'trying', host, virshCommand(host, ['version']))).toMatchObject({
    reason,
    message: expect.stringMatching(new RegExp(`^trying: .*${message}`)),
    said,
    hint: expect.any(String),
  });
});

it('leaves other words to be told as they are', () => {
  expect(explainVirsh('error: internal error', 'trying', host, virshCommand(host, []))).toBeUndefined();
});
