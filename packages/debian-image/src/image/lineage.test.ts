import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe as tell, Failure } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLineage } from './lineage.ts';
import { readImage } from './read.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineage-'));
});
afterEach(() => rm(root, { recursive: true }));

const neighbours = { image: new Map<string, string>(), profile: new Map<string, string>() };

/** Lays files out; those named image.json and profile.json become neighbours. */
async function lay(files: Readonly<Record<string, unknown>>): Promise<void> {
  neighbours.image.clear();
  neighbours.profile.clear();
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    const kind = (['image', 'profile'] as const).find((name) => basename(file) === `${name}.json`);
    if (kind !== undefined) neighbours[kind].set(basename(dirname(file)), dirname(file));
  }
}

const read = (name: string) => readImage(join(root, name), neighbours);
const names = async (name: string): Promise<string[]> =>
  (await readLineage(join(root, name), neighbours)).map((source) => `${source.name}${source.generation}`);

/** What the user is told, without the temporary folder's name. */
async function told(name: string): Promise<string> {
  const error: unknown = await read(name).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  return tell(error).replaceAll(root, '');
}

it('reads profiles depth first, each once, and the image last', async () => {
  await lay({
    'web/image.json': { release: 'sid', profiles: ['c', 'a'] },
    'p/a/profile.json': {},
    'p/b/profile.json': { profiles: ['a'] },
    'p/c/profile.json': { profiles: ['b', 'a'] },
  });
  expect(await names('web')).toEqual(['a0', 'b0', 'c0', 'web0']);
});

it('leaves out profiles that a file on the way removes', async () => {
  await lay({
    'web/image.json': { release: 'sid', profiles: ['b'], remove: { profiles: ['a'] } },
    'p/a/profile.json': {},
    'p/b/profile.json': { profiles: ['a'] },
  });
  expect(await names('web')).toEqual(['b0', 'web0']);
});

it('begins with the image that another starts from, and that one with its own', async () => {
  await lay({
    'base/image.json': { release: 'sid', profiles: ['a'] },
    'web/image.json': { from: 'base', profiles: ['b'] },
    'shop/image.json': { from: 'web', profiles: ['a'] },
    'p/a/profile.json': {},
    'p/b/profile.json': {},
  });
  expect(await names('shop')).toEqual(['a0', 'base0', 'b1', 'web1', 'a2', 'shop2']);
});

it('keeps files and scripts where they are', async () => {
  await lay({
    'web/image.json': { release: 'sid', profiles: ['a'], scripts: ['x.sh'] },
    'web/x.sh': '',
    'p/a/profile.json': { scripts: ['x.sh'], files: [{ source: 'motd', target: '/etc/motd' }] },
    'p/a/x.sh': '',
    'p/a/motd': '',
  });
  const image = await read('web');
  expect(image.scripts).toEqual([
    { path: 'x.sh', source: join(root, 'p/a/x.sh') },
    { path: 'x.sh', source: join(root, 'web/x.sh') },
  ]);
  expect(image.files[0]!.source).toBe(join(root, 'p/a/motd'));
});

it('gives an image that starts from another the tree of that one, and a name and disk of its own', async () => {
  await lay({
    'base/image.json': { release: 'bookworm', arch: 'arm64', packages: ['vim'], description: 'Base', disk: { slack: '1MiB' } },
    'web/image.json': { from: 'base', packages: ['curl'] },
  });
  const image = await read('web');
  expect(image).toMatchObject({ name: 'web', release: 'bookworm', arch: 'arm64', packages: ['vim', 'curl'], upload: { name: 'web' } });
  expect(image.description).toBeUndefined();
  expect(image.disk.slack).toBeUndefined();
  expect(image.parent).toEqual(await read('base'));
});

it('names a cycle of images and of profiles', async () => {
  await lay({ 'a/image.json': { from: 'b' }, 'b/image.json': { from: 'c' }, 'c/image.json': { from: 'b' } });
  expect(await told('a')).toBe('images start from one another: b -> c -> b\n  at: /b/image.json\n  hint: Take one of these names out.');
  await lay({
    'web/image.json': { release: 'sid', profiles: ['a'] },
    'p/a/profile.json': { profiles: ['b'] },
    'p/b/profile.json': { profiles: ['a'] },
  });
  expect(await told('web')).toContain('profiles are built upon one another: a -> b -> a\n  at: /p/a/profile.json');
});

it('names what is unknown, with near names', async () => {
  await lay({ 'base/image.json': { release: 'sid' }, 'web/image.json': { from: 'bsae' } });
  expect(await told('web')).toContain('from: there is no image "bsae"; did you mean "base"?\n  at: /web/image.json');
  await lay({ 'web/image.json': { release: 'sid', profiles: ['slimm'] }, 'p/slim/profile.json': {} });
  expect(await told('web')).toContain('profiles[0]: there is no profile "slimm"; did you mean "slim"?');
});

it('takes release and architecture from where it starts only', async () => {
  await lay({ 'base/image.json': { release: 'bookworm' }, 'web/image.json': { from: 'base', release: 'trixie', arch: 'arm64' } });
  expect(await told('web')).toMatchInlineSnapshot(`
    "image.json has 2 problems
      | release: must be that of base, "bookworm", whose tree this image starts from; leave it out
      | arch: must be that of base, "amd64", whose tree this image starts from; leave it out
      at: /web/image.json"
  `);
});

it('cannot undo what the tree has', async () => {
  await lay({ 'base/image.json': { release: 'bookworm' }, 'web/image.json': { from: 'base', network: 'none', growRoot: false } });
  expect(await told('web')).toMatchInlineSnapshot(`
    "image.json has 2 problems
      | network: cannot be "none": base, which this image starts from, has set it up
      | growRoot: cannot be false: base, which this image starts from, has set it up
      at: /web/image.json"
  `);
});

it('says of a problem in which file it stands', async () => {
  await lay({
    'web/image.json': { release: 'sid', profiles: ['a'], users: [{ name: 'b', uid: 1000 }] },
    'p/a/profile.json': { lang: 'fr_FR.UTF-8', users: [{ name: 'a', uid: 1000 }] },
  });
  expect(await told('web')).toMatchInlineSnapshot(`
    "image.json has 2 problems
      | users[0].uid: 1000 is that of "a" already
      | /p/a/profile.json: lang: "fr_FR.UTF-8" is not among locales; add it there
      at: /web/image.json"
  `);
});

it('knows the keys of a profile', async () => {
  await lay({
    'web/image.json': { release: 'sid', profiles: ['a'] },
    'p/a/profile.json': { release: 'sid', pakcages: ['vim'], install: { mirror: 'http://mirror.example.org/debian' }, scripts: ['no.sh'] },
  });
  expect(await told('web')).toMatchInlineSnapshot(`
    "profile.json has 3 problems
      | install.mirror: is no key of profile.json; known here: components, pockets, recommends
      | release: is no key of profile.json; known here: $schema, description, profiles, remove, install, kernel, packages, locales, lang, timezone, hostname, modules, files, users, services, network, console, growRoot, scripts, disk, verify, upload
      | pakcages: is no key of profile.json; did you mean "packages"?
      at: /p/a/profile.json"
  `);
});
