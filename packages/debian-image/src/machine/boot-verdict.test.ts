import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { type BootSight, judgeBoot } from './boot-verdict.ts';

const sight: BootSight = { state: 'booting', lastLines: ['last words'], clue: '', waited: 10, silent: 2, ended: false };
const limits = { seconds: 60, silence: 20 };

it.each<[Partial<BootSight>, boolean]>([
  [{ state: 'login', ended: true, silent: 99 }, true],
  [{}, false],
  [{ state: 'nothing' }, false],
])('%j: %s', (change, verdict) => expect(judgeBoot({ ...sight, ...change }, limits)).toBe(verdict));

it.each<[Partial<BootSight>, string, RegExp]>([
  [{ state: 'panic', ended: true }, 'command-failed', /panicked/],
  [{ state: 'initramfs' }, 'command-failed', /initramfs/],
  [{ state: 'emergency' }, 'command-failed', /emergency/],
  [{ state: 'reboot-loop' }, 'command-failed', /again and again/],
  [{ ended: true }, 'command-failed', /ended before/],
  [{ silent: 20.4 }, 'timeout', /silent for 20 s/],
  [{ waited: 60 }, 'timeout', /within 60 s/],
])('%j fails as %s', (change, reason, message) => {
  const verdict = judgeBoot({ ...sight, ...change }, limits);
  expect(verdict).toBeInstanceOf(Failure);
  expect(verdict).toMatchObject({ reason, message, said: 'last words' });
});

it.each([
  ['initramfs', 'ALERT!  /dev/vda does not exist.  Dropping to a shell!', /virtio_blk and virtio_pci/],
  ['initramfs', 'Warning: /dev/vda does not exist', /virtio_blk and virtio_pci/],
  ['initramfs', 'ALERT!  /dev/vdz does not exist.  Dropping to a shell!', /root=\/dev\/vdz, and the disk of an instance is \/dev\/vda/],
  ['initramfs', 'ALERT!  UUID=0123 does not exist.  Dropping to a shell!', /Is UUID=0123 what/],
  ['panic', 'VFS: Cannot open root device "vda" or unknown-block(0,0): error -6', /virtio_blk and virtio_pci/],
  ['panic', 'Kernel panic - not syncing: Attempted to kill init!', /of one version/],
] as const)('%s with %j says what to do', (state, clue, hint) => {
  expect(judgeBoot({ ...sight, state, clue }, limits)).toMatchObject({
    message: expect.stringContaining(clue),
    hint: expect.stringMatching(hint),
  });
});
