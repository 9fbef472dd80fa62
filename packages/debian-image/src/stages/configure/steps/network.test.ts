import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { ReleaseName } from '../../../image/index.ts';
import { factsOf, imageOf } from '../testing/image.ts';
import { makeTree, runStep, type Tree } from '../testing/in-tree.ts';
import { networkStep } from './network.ts';

let tree: Tree;
afterEach(() => tree.remove());

const cards = 'etc/systemd/network/80-dhcp.network';
const interfaces = 'etc/network/interfaces';

/** The step with a systemctl that only says what it is asked, in a tree with these files. */
async function go(release: ReleaseName, files: Record<string, string>): Promise<string[]> {
  tree = await makeTree({ 'etc/hostname': '', ...files });
  const step = networkStep(imageOf({ release }), factsOf(release))!;
  const { status, lines } = await runStep(tree, { ...step, script: `systemctl() { echo "systemctl $*"; }\n${step.script}` });
  return [...lines.slice(1), `status ${status}`];
}

const read = (path: string): Promise<string> => readFile(join(tree.folder, path), 'utf8').catch(() => '');

it('is done by systemd-networkd, and systemd-resolved for names', async () => {
  const said = await go('bookworm', { 'lib/systemd/systemd-networkd': '#!/bin/sh\n', 'lib/systemd/systemd-resolved': '#!/bin/sh\n' });
  expect(said).toEqual(['systemctl enable systemd-networkd.service', 'systemctl enable systemd-resolved.service', 'status 0']);
  expect(await read(cards)).toContain('Name=en* eth*\n\n[Network]\nDHCP=yes\n');
  expect(await read(interfaces)).toBe('');
  expect(await readlink(join(tree.folder, 'etc/resolv.conf'))).toBe('../run/systemd/resolve/stub-resolv.conf');
});

it('says what is missing without systemd-resolved, or without anything', async () => {
  const said = await go('trixie', { 'lib/systemd/systemd-networkd': '#!/bin/sh\n' });
  expect(said.join('\n')).toMatch(/::note .*without the package systemd-resolved no host names are found/);
  expect((await go('trixie', {})).join()).toContain('::problem network "dhcp" needs systemd-networkd or the package ifupdown');
  expect((await go('wheezy', {})).join()).toContain('::problem network "dhcp" needs the package ifupdown');
});

it('is done by ifupdown where that is installed, which takes over from systemd-networkd', async () => {
  const said = await go('bookworm', { 'sbin/ifup': '#!/bin/sh\n', 'sbin/dhclient': '#!/bin/sh\n', [cards]: '[Match]\n' });
  expect(said).toEqual(['systemctl disable systemd-networkd.service', 'status 0']);
  expect(await read(cards)).toBe('');
  expect(await read(interfaces)).toContain('auto /e*/1=first\niface first inet dhcp');
});

it('keeps the name eth0 where ifupdown knows no patterns', async () => {
  expect(await go('squeeze', { 'sbin/ifup': '#!/bin/sh\n', 'sbin/dhclient': '#!/bin/sh\n' })).toEqual(['status 0']);
  expect(await read(interfaces)).toContain('auto eth0\niface eth0 inet dhcp');
  expect(await read('etc/udev/rules.d/75-persistent-net-generator.rules')).toContain('the kernel gives');
});
