import { expect, it } from 'vitest';
import { leftoverOf } from './leftovers.ts';

it.each([
  ['var/lib/apt/lists/mirror.example.org_debian_dists_bookworm_InRelease', 'caches'],
  ['var/cache/apt/archives/vim_9.deb', 'caches'],
  ['etc/passwd-', 'backups'],
  ['etc/.resolv.conf.systemd-resolved.bak', 'backups'],
  ['var/log/dpkg.log', 'logs'],
  ['var/log/journal/0123/system.journal', 'logs'],
  ['var/log/messages.1', 'logs'],
  ['tmp/x', 'temporary files'],
  ['home/admin/.bash_history', 'history'],
  ['etc/udev/rules.d/70-persistent-net.rules', 'persistent names of cards'],
  ['var/lib/dhcp/dhclient.eth0.leases', 'leases'],
  ['var/lib/systemd/random-seed', 'random seeds'],
])('%s: %s', (path, what) => expect(leftoverOf(path, 0)).toBe(what));

it('leaves what belongs there, empty logs among it', () => {
  expect(
    ['etc/passwd', 'var/log/lastlog', 'root/.bashrc', 'usr/share/tmp/x', 'var/lib/apt/extended_states'].map((path) => leftoverOf(path, 0)),
  ).toEqual(Array(5).fill(undefined));
  expect(leftoverOf('var/log/lastlog', 1)).toBe('logs');
});
