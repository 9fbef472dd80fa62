import { afterEach, beforeEach, expect, it } from 'vitest';
import { factsOf, imageOf } from '../testing/image.ts';
import { makeTree, runStep, type Tree } from '../testing/in-tree.ts';
import { servicesStep } from './services.ts';

let tree: Tree;

beforeEach(async () => {
  tree = await makeTree({
    'lib/systemd/system/ssh.service': '',
    'lib/systemd/system/serial-getty@.service': '',
    'lib/systemd/system/apt-daily.timer': '',
    'etc/init.d/cron': '#!/bin/sh\n',
  });
});

afterEach(() => tree.remove());

/** The step with a systemctl and an update-rc.d that only say what they are asked. */
async function go(release: 'bookworm' | 'wheezy', services: { enable?: string[]; disable?: string[]; mask?: string[] }) {
  const step = servicesStep(imageOf({ release, services }), factsOf(release))!;
  const script = `systemctl() { echo "systemctl $*"; }\nupdate_rc_d() { echo "update-rc.d $*"; }\n${step.script.replaceAll('update-rc.d', 'update_rc_d')}`;
  return runStep(tree, { ...step, script });
}

it('asks systemctl for units by their whole names', async () => {
  const { status, lines } = await go('bookworm', {
    enable: ['ssh', 'serial-getty@ttyS1'],
    disable: ['apt-daily.timer', 'cron'],
    mask: ['rpcbind'],
  });
  expect(status).toBe(0);
  expect(lines.slice(1)).toEqual([
    'systemctl enable ssh.service',
    'systemctl enable serial-getty@ttyS1.service',
    'systemctl disable apt-daily.timer',
    'systemctl disable cron.service',
    'systemctl mask rpcbind',
  ]);
});

it('asks update-rc.d up to wheezy, where masking is disabling', async () => {
  const { lines } = await go('wheezy', { enable: ['cron.service'], mask: ['cron'] });
  expect(lines.slice(1)).toEqual(['update-rc.d cron defaults', 'update-rc.d cron enable', 'update-rc.d cron disable']);
});

it('names the services that there are', async () => {
  const { status, markers } = await go('bookworm', { enable: ['sssh'] });
  expect(status).toBe(1);
  expect(markers).toContainEqual({ kind: 'unknown', what: 'service', name: 'sssh' });
  expect(markers).toContainEqual({ kind: 'candidate', name: 'ssh' });
  expect(markers).toContainEqual({ kind: 'candidate', name: 'apt-daily.timer' });
});
