import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { factsOf } from '../testing/image.ts';
import { makeTree, runStep, type Tree } from '../testing/in-tree.ts';
import { cleanupStep } from './cleanup.ts';

let tree: Tree;

beforeEach(async () => {
  tree = await makeTree({
    'etc/machine-id': '0123\n',
    'etc/resolv.conf': 'nameserver 192.0.2.1\n',
    'etc/.resolv.conf.systemd-resolved.bak': 'nameserver 192.0.2.1\n',
    'etc/shadow': 'root:*:20000:0:99999:7:::\nadmin:$6$a$b:20000:0:99999:7:::\n',
    'etc/shadow-': 'x',
    'etc/ssh/ssh_host_rsa_key': 'x',
    'etc/ssh/sshd_config': 'x',
    'etc/a.dpkg-old': 'x',
    'root/.bash_history': 'x',
    'tmp/a/b': 'x',
    'var/tmp/a': 'x',
    'var/lib/apt/lists/partial/x': 'x',
    'var/cache/debconf/config.dat': 'x',
    'var/cache/debconf/config.dat-old': 'x',
    'var/lib/dbus/machine-id': 'x',
    'var/log/wtmp': 'x',
    'var/log/syslog.1': 'x',
    'var/log/apt/term.log': 'x',
    'var/log/apt/term.log.1.xz': 'x',
    'var/log/journal/0123/system.journal': 'x',
  });
});

afterEach(() => tree.remove());

it('leaves nothing of the making', async () => {
  const { status, lines } = await runStep(tree, cleanupStep(factsOf('bookworm')));
  expect({ status, lines }).toEqual({ status: 0, lines: ['::step cleanup cleaning up'] });
  const left = await readdir(tree.folder, { recursive: true, withFileTypes: true });
  const paths = left.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(tree.folder.length));
  expect(paths.toSorted()).toEqual([
    '/etc/machine-id',
    '/etc/resolv.conf',
    '/etc/shadow',
    '/etc/ssh/sshd_config',
    '/var/cache/debconf/config.dat',
    '/var/lib/dbus/machine-id',
    '/var/log/wtmp',
  ]);
  const read = (path: string): Promise<string> => readFile(join(tree.folder, path), 'utf8');
  expect(await read('etc/shadow')).toBe('root:*::0:99999:7:::\nadmin:$6$a$b::0:99999:7:::\n');
  expect([await read('etc/machine-id'), await read('etc/resolv.conf'), await read('var/log/wtmp')]).toEqual(['', '', '']);
  expect(await readdir(join(tree.folder, 'var/lib/apt/lists'))).toEqual(['partial']);
});

it('runs where there is next to nothing', async () => {
  const bare = await makeTree({ 'etc/shadow': '', 'var/log/x': '' });
  expect(await runStep(bare, cleanupStep(factsOf('squeeze')))).toMatchObject({ status: 0, lines: ['::step cleanup cleaning up'] });
  await bare.remove();
});
