import { expect, it } from 'vitest';
import type { MachineParts } from './command.ts';
import { notStarted } from './not-started.ts';

const inWindow: Pick<MachineParts, 'display'> = { display: { kind: 'window', environment: { DISPLAY: ':99', XAUTHORITY: '/x' } } };
// what QEMU 7.2 of Debian says
const withoutGtk =
  "qemu: module ui-ui-gtk not found, do you want to install qemu-system-gui package?\nqemu-system-x86_64: Display 'gtk' is not available.";

it.each([
  ['setpriv: failed to execute qemu-system-aarch64: No such file', {}, 'missing-tool', /^qemu-system-aarch64 cannot/, /qemu-system-arm\./],
  ["Could not set up host forwarding rule 'tcp:127.0.0.1:0-:22'", {}, 'busy', /no free port/, /ss -ltn/],
  [withoutGtk, inWindow, 'missing-tool', /^QEMU cannot open windows/, /qemu-system-gui/],
  ['gtk initialization failed', inWindow, 'invalid', /desktop that DISPLAY=:99 names/, /--display=vnc/],
  ['qemu-system-aarch64: no room', inWindow, 'command-failed', /^QEMU did not start/, /^$/],
] as const)('of a machine that says %j', (said, more, reason, message, hint) => {
  const failure = notStarted({ ending: {}, said, where: 'qemu' }, { architecture: 'arm64', ...more });
  expect(failure.reason).toBe(reason);
  expect(failure.message).toMatch(message);
  expect(failure.hint ?? '').toMatch(hint);
});

it('knows when even setpriv is not there', () => {
  const failure = notStarted({ ending: { error: new Error('ENOENT') }, said: '', where: 'setpriv' }, { architecture: 'arm64' });
  expect(failure).toMatchObject({ reason: 'missing-tool', hint: 'Install the package util-linux.' });
});
