import { expect, it } from 'vitest';
import { command, run } from '../../host/index.ts';
import type { ImageSource } from '../../image/index.ts';
import type { FileEntry } from './files.ts';
import { planConfigure } from './plan.ts';
import { renderScript } from './script.ts';
import { factsOf, imageOf } from './testing/image.ts';

const everything: Omit<ImageSource, 'release'> = {
  packages: ['openssh-server', 'vim'],
  locales: ['fr_FR.UTF-8', 'en_US.UTF-8'],
  lang: 'en_US.UTF-8',
  timezone: 'Europe/Paris',
  hostname: 'web',
  modules: ['virtio-balloon', 'acpiphp'],
  users: [
    { name: 'admin', uid: 1000, comment: "The admin's", groups: ['adm'], keys: ['ssh-ed25519 AAAA you@example.org'], sudo: true },
    { name: 'root', keys: ['ssh-ed25519 AAAA you@example.org'] },
  ],
  services: { enable: ['ssh'], disable: ['cron'], mask: ['rpcbind'] },
  scripts: ['scripts/motd.sh'],
};

const files: FileEntry[] = [
  { kind: 'folder', target: '/etc/web', owner: 'root', group: 'root', mode: 0o755 },
  {
    kind: 'file',
    target: '/etc/web/a b',
    owner: 'admin',
    group: undefined,
    mode: 0o600,
    staged: { path: 'files/1', source: '/images/a b' },
  },
  { kind: 'link', target: '/etc/web/c', owner: 'root', group: 'root', mode: 0o777, linkTo: 'a b' },
];

const scriptOf = (release: ImageSource['release']): string =>
  [planConfigure(imageOf({ ...everything, release }), factsOf(release), files)]
    .map(({ settings, own }) => renderScript(settings) + renderScript(own!))
    .join('');

it.each(['squeeze', 'bookworm'] as const)('writes the whole script of %s', async (release) => {
  await expect(scriptOf(release)).toMatchFileSnapshot(`testing/${release}.sh`);
});

it.each(['squeeze', 'wheezy', 'jessie', 'stretch', 'buster', 'bullseye', 'bookworm', 'trixie', 'forky', 'sid'] as const)(
  'writes for %s what a POSIX shell can read',
  async (release) => {
    const script = scriptOf(release);
    await run(command('dash', ['-n']), { doing: 'reading the script', input: script });
    expect(script).not.toMatch(/\[\[|<<<|\bfunction |\bsource "|\$'/);
  },
);

it('leaves out what an image does not ask for', () => {
  const image = imageOf({ release: 'trixie', network: 'none', console: 'none', growRoot: false });
  const { settings, own } = planConfigure(image, factsOf('trixie'), []);
  expect(own).toBeUndefined();
  const names = settings.steps.map(({ name }) => name);
  expect(names).toEqual(['put-aside', 'locales', 'timezone', 'hostname', 'fstab', 'ssh-host-keys', 'initramfs', 'cleanup']);
});

it('stops at the first step that fails, with its status and name', async () => {
  const lines: string[] = [];
  const steps = [
    { name: 'good', title: 'this works', script: 'note "all is well"' },
    { name: 'bad', title: "this doesn't", script: 'false_program() { return 7; }\nfalse_program\necho not reached' },
    { name: 'later', title: 'never', script: 'echo not reached' },
  ];
  const ran = await run(command('dash', ['-c', renderScript({ steps }), 'configure', '/nowhere']), {
    doing: 'configuring',
    onLine: (line) => lines.push(line),
    accept: [7],
  });
  expect(ran.status).toBe(7);
  expect(lines).toEqual(['::step good this works', '::note all is well', "::step bad this doesn't", '::failed 7 bad']);
});

it('keeps this machine out of the script', () => {
  expect(scriptOf('bookworm')).not.toContain('/images');
});
