import { expect, it } from 'vitest';
import type { Ancestor, Lineage } from './lineage.ts';
import { mergeSources } from './merge.ts';

type Written = Readonly<Record<string, unknown>>;

function profile(name: string, written: Written, generation = 0): Ancestor {
  return { kind: 'profile', name, folder: `/profiles/${name}`, file: `/profiles/${name}/profile.json`, written, problems: [], generation };
}

function image(written: Written, generation = 0, name = 'web'): Ancestor {
  return { kind: 'image', name, folder: `/images/${name}`, file: `/images/${name}/image.json`, written, problems: [], generation };
}

const merge = (...sources: readonly Ancestor[]) => mergeSources(sources as unknown as Lineage);
const written = (...sources: readonly Ancestor[]): Written => merge(...sources).written;

it('appends lists, merges objects and replaces plain values, the weakest first', () => {
  expect(
    written(
      profile('a', { packages: ['vim'], timezone: 'Europe/Paris', disk: { table: 'mbr', slack: '1MiB' }, growRoot: false }),
      profile('b', { packages: ['curl'], disk: { slack: '2MiB' } }),
      image({ release: 'sid', packages: ['less'], timezone: 'UTC' }),
    ),
  ).toEqual({ release: 'sid', packages: ['vim', 'curl', 'less'], timezone: 'UTC', disk: { table: 'mbr', slack: '2MiB' }, growRoot: false });
});

it('lets nothing stand twice', () => {
  const both = { packages: ['vim'], locales: ['fr_FR.UTF-8'], modules: ['virtio-net'], install: { components: ['main'] } };
  expect(written(profile('a', both), image({ ...both, modules: ['virtio_net', 'loop'] }))).toEqual({
    ...both,
    modules: ['virtio-net', 'loop'],
  });
});

it('merges users of one name and replaces files to one target', () => {
  expect(
    written(
      profile('a', {
        users: [{ name: 'admin', shell: '/bin/sh', keys: ['one'] }, { name: 'root' }],
        files: [
          { source: 'motd', target: '/etc/motd' },
          { source: 'tree', target: '/' },
        ],
      }),
      image({
        users: [{ name: 'admin', keys: ['two'], sudo: true }],
        files: [
          { source: 'motd', target: '/etc/motd', mode: '0600' },
          { source: 'tree', target: '/' },
        ],
      }),
    ),
  ).toEqual({
    users: [{ name: 'admin', shell: '/bin/sh', keys: ['one', 'two'], sudo: true }, { name: 'root' }],
    files: [
      { source: 'tree', target: '/' },
      { source: 'motd', target: '/etc/motd', mode: '0600' },
      { source: 'tree', target: '/' },
    ],
  });
});

it('runs scripts of one name in two folders, and each once', () => {
  const scripts = ['scripts/a.sh'];
  const merged = merge(profile('a', { scripts }), profile('b', { scripts }), image({ scripts }));
  expect(merged.written['scripts']).toEqual(['scripts/a.sh', 'scripts/a.sh', 'scripts/a.sh']);
  expect([0, 1, 2].map((index) => merged.originOf(`scripts[${index}]`).source.folder)).toEqual([
    '/profiles/a',
    '/profiles/b',
    '/images/web',
  ]);
  expect(written(profile('a', { scripts }), profile('a', { scripts }, 1), image({}, 1))['scripts']).toEqual(scripts);
});

it('lets the last word about a service count', () => {
  expect(
    written(profile('a', { services: { enable: ['ssh', 'cron'], mask: ['rpcbind'] } }), image({ services: { disable: ['ssh'] } })),
  ).toEqual({
    services: { enable: ['cron'], disable: ['ssh'], mask: ['rpcbind'] },
  });
});

it('takes away what a file removes, before that file itself speaks', () => {
  expect(
    written(
      profile('a', {
        packages: ['vim', 'curl'],
        users: [{ name: 'admin' }],
        files: [{ source: 'motd', target: '/etc/motd' }],
        services: { enable: ['ssh'], mask: ['cron'] },
        scripts: ['a.sh', 'b.sh'],
        locales: ['fr_FR.UTF-8'],
        modules: ['loop'],
      }),
      image({
        remove: {
          packages: ['vim', 'curl'],
          users: ['admin'],
          files: ['/etc/motd'],
          services: ['ssh', 'cron'],
          scripts: ['a.sh'],
          locales: ['fr_FR.UTF-8'],
          modules: ['loop'],
          profiles: ['other'],
        },
        packages: ['curl'],
      }),
    ),
  ).toEqual({ packages: ['curl'], users: [], files: [], services: { enable: [], mask: [] }, scripts: ['b.sh'], locales: [], modules: [] });
});

it('says what an image removes in vain', () => {
  const remove = { packages: ['vmi', 'emacs'] };
  expect(merge(profile('a', { packages: ['vim'] }), image({ remove })).problems).toEqual([
    { path: 'remove.packages[0]', message: '"vmi": did you mean "vim"?' },
    { path: 'remove.packages[1]', message: '"emacs": no profile names it' },
  ]);
  // a profile may be used where there is nothing to remove
  expect(merge(profile('a', { remove }), image({})).problems).toEqual([]);
});

it('takes over what is in the tree of another image, and nothing else; what is there stays', () => {
  const parent = { release: 'sid', arch: 'arm64', packages: ['vim'], description: 'Base', upload: { name: 'x' }, disk: { slack: '1MiB' } };
  const merged = merge(image(parent, 0, 'base'), image({ from: 'base', packages: ['curl'], remove: { packages: ['vim'] } }, 1));
  expect(merged.written).toEqual({ release: 'sid', arch: 'arm64', packages: ['vim', 'curl'] });
  expect(merged.problems).toEqual([
    { path: 'remove.packages[0]', message: '"vim": is in the tree that this image starts from, and stays there' },
  ]);
});

it('lets the image that another starts from remove for both', () => {
  const base = [profile('a', { packages: ['vim', 'curl'] }), image({ remove: { packages: ['vim'] } }, 0, 'base')];
  expect(written(...base, image({ packages: ['less'] }, 1))['packages']).toEqual(['curl', 'less']);
});

it('knows where everything stands', () => {
  const merged = merge(
    profile('a', { packages: ['vim'], users: [{ name: 'admin', shell: '/bin/sh' }], disk: { slack: '1MiB' } }),
    image({ packages: ['vim', 'curl'], users: [{ name: 'admin', keys: [] }] }),
  );
  const origin = (path: string) => {
    const { source, path: place } = merged.originOf(path);
    return `${source.name} ${place}`;
  };
  expect(['packages[0]', 'packages[1]', 'users[0].shell', 'users[0].keys', 'disk.slack', 'disk.table', 'lang'].map(origin)).toEqual([
    'a packages[0]',
    'web packages[1]',
    'a users[0].shell',
    'web users[0].keys',
    'a disk.slack',
    'a disk.table',
    'web lang',
  ]);
});
