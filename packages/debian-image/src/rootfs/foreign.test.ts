import { expect, it } from 'vitest';
import { describe as told } from '@nx-debian-image/report';
import { judgeRegistration, requirePrograms } from './foreign.ts';

const entry = 'enabled\ninterpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P\nflags: POF\noffset 0\n';
const judged = (registration: Parameters<typeof judgeRegistration>[1], architecture = 'arm64'): string => {
  const failure = judgeRegistration(architecture, registration);
  return failure === undefined ? 'runs' : told(failure);
};

it('runs its own programs without a look', async () => {
  await expect(requirePrograms('arm64', 'arm64', new AbortController().signal)).resolves.toBeUndefined();
});

it('runs foreign ones where the kernel holds QEMU open for them', () => {
  expect(judged({ mounted: true, entry })).toBe('runs');
});

it('says why foreign ones do not run, and the command that mends it', () => {
  expect(judged({ mounted: true, entry: undefined })).toBe(`programs of arm64 do not run here: qemu-aarch64 is not registered
  at: /proc/sys/fs/binfmt_misc/qemu-aarch64
  hint: Install the package qemu-user-static (qemu-user-binfmt from trixie on), which registers it; in a container do that on its host, or as root: cat /usr/lib/binfmt.d/qemu-aarch64.conf >/proc/sys/fs/binfmt_misc/register`);
  expect(judged({ mounted: false, entry: undefined })).toContain('binfmt_misc is not mounted');
  expect(judged({ mounted: true, entry: entry.replace('enabled', 'disabled') })).toContain('qemu-aarch64 is disabled');
  expect(judged({ mounted: true, entry: entry.replace('POF', 'PO') })).toContain('without the flag F');
  expect(judged({ mounted: true, entry: undefined }, 'i386')).toContain('its kernel was made or started without 32-bit programs');
});
