import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe as tell, Failure } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readImage } from './read.ts';

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'image-'));
  folder = join(parent, 'bookworm-amd64');
  await mkdir(join(folder, 'scripts'), { recursive: true });
  await writeFile(join(folder, 'scripts/motd.sh'), '#!/bin/sh\n');
});

afterEach(() => rm(parent, { recursive: true, force: true }));

async function read(source: unknown): Promise<Awaited<ReturnType<typeof readImage>>> {
  await writeFile(join(folder, 'image.json'), typeof source === 'string' ? source : JSON.stringify(source));
  return readImage(folder);
}

/** What the user is told, without the temporary folder's name. */
async function told(source: unknown): Promise<string> {
  const error: unknown = await read(source).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  return tell(error).replaceAll(parent, '');
}

it('fills in every default', async () => {
  const image = await read({ release: 'bookworm' });
  expect(image).toEqual({
    name: 'bookworm-amd64',
    folder,
    release: 'bookworm',
    arch: 'amd64',
    install: { method: 'bootstrap', components: ['main'], pockets: ['updates', 'security'], recommends: false },
    kernel: 'cloud',
    packages: [],
    locales: [],
    lang: 'C.UTF-8',
    timezone: 'UTC',
    hostname: 'debian',
    modules: [],
    files: [],
    users: [],
    services: { enable: [], disable: [], mask: [] },
    network: 'dhcp',
    console: 'serial',
    growRoot: true,
    scripts: [],
    disk: { table: 'gpt', headroom: 0, bare: [] },
    verify: { flavour: { memory: 2 ** 30, processors: 2 }, commands: [], beforeUpload: false },
    upload: { name: 'bookworm-amd64', catalog: { folder: 'catalog', keep: 3 } },
  });
});

it('knows what old releases lack', async () => {
  expect(await read({ release: 'squeeze', install: { method: 'installer' } })).toMatchObject({ kernel: 'generic', lang: 'C' });
  expect(await read({ release: 'buster', arch: 'arm64' })).toMatchObject({ kernel: 'generic', lang: 'C.UTF-8' });
  expect(await read({ release: 'sid' })).toMatchObject({ install: { pockets: [] } });
});

it('fills in what is known of a libvirt host', async () => {
  const image = await read({ release: 'trixie', install: { method: 'installer', installer: { runner: { libvirt: {} } } } });
  expect(image.install.installer?.runner).toEqual({ libvirt: { connect: 'qemu:///system', pool: 'default' } });
});

it('fills in how the installer is run, for images that it makes', async () => {
  const image = await read({ release: 'trixie', install: { method: 'installer', installer: { memory: '2GiB' } } });
  expect(image.install.installer).toEqual({ preseed: [], disk: 5 * 2 ** 30, memory: 2 ** 31, timeLimit: 180, allowUnverified: false });
  expect((await read({ release: 'trixie', install: { method: 'installer' } })).install.installer).toMatchObject({ timeLimit: 180 });
});

it.each([
  [{ release: 'trixie', install: { installer: {} } }, 'install.installer: is only for the method "installer"'],
  [
    { release: 'trixie', arch: 'arm64', install: { method: 'installer' } },
    'arch: arm64 is not made by "installer", which makes amd64 and i386',
  ],
  [
    { release: 'trixie', install: { method: 'installer', installer: { source: 'http://example.org/netboot' } } },
    'install.installer.source: is an address without https, so nothing verifies it; it needs allowUnverified',
  ],
  [
    { release: 'trixie', install: { method: 'installer', installer: { source: 'ftp://example.org' } } },
    'install.installer.source: must be a folder, or an address such as "https://example.org/netboot"; it is "ftp://example.org"',
  ],
  [
    { release: 'trixie', install: { method: 'installer', installer: { memory: '64MiB' } } },
    'install.installer.memory: must be at least 256MiB',
  ],
  [
    { release: 'trixie', install: { method: 'installer', installer: { timeLimit: 0 } } },
    'install.installer.timeLimit: must be at least 1 minute',
  ],
  [
    { release: 'trixie', install: { method: 'installer', installer: { preseed: ['# d-i'] } } },
    'install.installer.preseed[0]: must be a line of a preseed file',
  ],
  [
    { release: 'trixie', install: { method: 'installer', installer: { runner: { libvirt: { connect: 'xen:///' } } } } },
    'install.installer.runner.libvirt.connect: must be an address of libvirt such as "qemu+ssh://host/system"; it is "xen:///"',
  ],
  [
    { release: 'trixie', install: { method: 'installer', installer: { diks: '5GiB' } } },
    'install.installer.diks: is no key of image.json; did you mean "disk"?',
  ],
])('says what the installer cannot do: %j', async (source, message) => {
  expect(await told(source)).toContain(message);
});

it.each([
  [{ disk: { bare: ['qcow'] } }, '"raw.xz", "uec"; it is "qcow"; did you mean "qcow2"?'],
  [{ disk: { bare: ['raw', 'raw'] } }, 'disk.bare[1]: "raw" stands in disk.bare[0] already'],
  [{ arch: 's390x', disk: { bare: ['qcow2'] } }, 'disk.bare: there is no boot loader for s390x here'],
  [{ arch: 'arm64', disk: { bare: ['qcow2'], table: 'mbr' } }, 'disk.bare: arm64 boots by UEFI, which needs "table": "gpt"'],
  [
    { disk: { bare: ['uec'] }, upload: { glance: { cloud: 'c', forms: ['bare'] } } },
    'upload.glance.forms: "bare" needs a form in disk.bare that a cloud takes: qcow2, raw, vmdk, vhd, vdi',
  ],
  [
    { disk: { bare: ['raw'] }, upload: { registry: { repository: 'registry.example/web' } } },
    'upload.registry: publishes the bare disk; add "qcow2" to disk.bare',
  ],
  [
    { disk: { bare: ['qcow2'] }, upload: { glance: { cloud: 'c', bareFormat: 'raw' } } },
    'upload.glance.bareFormat: "raw" is not among disk.bare; add it there',
  ],
])('says what a bare disk cannot be: %j', async (more, message) => {
  expect(await told({ release: 'bookworm', ...more })).toContain(message);
});

it('takes the disk of an installer as the bare one, whatever its table', async () => {
  const image = await read({ release: 'trixie', install: { method: 'installer' }, disk: { table: 'mbr', bare: ['qcow2'] } });
  expect(image.disk.bare).toEqual(['qcow2']);
});

it('fills in users, files and uploads', async () => {
  const image = await read({
    release: 'trixie',
    users: [{ name: 'admin' }, { name: 'root', keys: ['ssh-ed25519 AAAA root@example.org'] }],
    files: [{ source: 'scripts', target: '/opt', mode: '0700', owner: 'admin' }],
    upload: { name: 'debian-13', glance: { cloud: 'production' } },
  });
  expect(image.users.map(({ name, home, password, shell }) => [name, home, password, shell])).toEqual([
    ['admin', '/home/admin', 'locked', '/bin/bash'],
    ['root', '/root', 'locked', '/bin/bash'],
  ]);
  expect(image.files).toEqual([{ source: join(folder, 'scripts'), target: '/opt', owner: 'admin', group: undefined, mode: 0o700 }]);
  expect(image.upload).toEqual({
    name: 'debian-13',
    glance: { cloud: 'production', rootFormat: 'ami', visibility: 'private', keep: 2, protected: false, tags: [], properties: {} },
  });
});

it('lists what is wrong with path, expectation, finding and the nearest right word', async () => {
  expect(
    await told({
      release: 'bookwrm',
      pakcages: ['vim'],
      kernel: 'clod',
      users: [{ name: 'admin', shell: 'bin/bash', password: 'hunter2', kyes: [] }],
      disk: { slack: '16MB' },
      upload: { glance: { keep: 0 } },
      form: 'other',
    }),
  ).toMatchInlineSnapshot(`
    "image.json has 10 problems
      | users[0].kyes: is no key of image.json; did you mean "keys"?
      | pakcages: is no key of image.json; did you mean "packages"?
      | form: is no key of image.json; did you mean "from"?
      | release: must be one of "squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "sid"; it is "bookwrm"; did you mean "bookworm"?
      | kernel: must be "cloud", "generic" or a kernel package such as "linux-image-rt-amd64"; it is "clod"
      | users[0].shell: must be an absolute path such as "/usr/bin"; it is "bin/bash"
      | users[0].password: must be "locked" or a hash made by \`openssl passwd -6\`, which begins with "$6$"; what stands there is not shown
      | disk.slack: must be a size such as "16MiB", "5GiB" or a number of bytes; it is "16MB"
      | upload.glance.cloud: is missing; it must be the name of a cloud in clouds.yaml such as "production"
      | upload.glance.keep: must be a whole number from 1 on; it is 0
      at: /bookworm-amd64/image.json"
  `);
});

it('shows at most ten problems', async () => {
  const said = await told({ release: 'sid', packages: Array.from({ length: 12 }, () => 'Vim') });
  expect(said).toContain('image.json has 12 problems');
  expect(said).toContain('packages[9]');
  expect(said).not.toContain('packages[10]');
  expect(said).toContain('and 2 more');
});

it('names what stands twice or contradicts itself', async () => {
  expect(
    await told({
      release: 'sid',
      packages: ['vim', 'curl', 'vim'],
      users: [{ name: 'admin' }, { name: 'admin' }],
      modules: ['virtio-net', 'virtio_net'],
      locales: ['fr_FR.UTF-8'],
      lang: 'fr_FR.UTF8',
      services: { enable: ['ssh'], mask: ['ssh'] },
    }),
  ).toMatchInlineSnapshot(`
    "image.json has 5 problems
      | packages[2]: "vim" stands in packages[0] already
      | modules[1]: "virtio_net" stands in modules[0] already
      | users[1].name: "admin" stands in users[0] already
      | lang: "fr_FR.UTF8" is not among locales; did you mean "fr_FR.UTF-8"?
      | services.enable[0]: "ssh" is disabled or masked too; keep one
      at: /bookworm-amd64/image.json"
  `);
});

it('knows what a release does not have', async () => {
  expect(await told({ release: 'squeeze', arch: 'arm64' })).toContain('arch: squeeze has no arm64; it has amd64, armel, i386');
  expect(await told({ release: 'stretch', kernel: 'cloud' })).toContain('kernel: stretch has no cloud kernel for amd64');
  expect(await told({ release: 'trixie', arch: 'i386' })).toContain('kernel: trixie has no kernel for i386: from trixie on');
  expect(await told({ release: 'wheezy' })).toContain(
    'install.method: wheezy cannot be made by "bootstrap": its programs crash in a chroot',
  );
});

it('names files that are not there, and their neighbours', async () => {
  expect(
    await told({
      release: 'sid',
      scripts: ['scripts/modt.sh', 'scripts'],
      files: [{ source: 'fils', target: '/' }],
      install: { keyring: 'a.gpg' },
    }),
  ).toMatchInlineSnapshot(`
    "image.json has 4 problems
      | install.keyring: there is no "a.gpg" in the image's folder
      | files[0].source: there is no "fils" in the image's folder
      | scripts[0]: there is no "scripts/modt.sh" in the image's folder; did you mean "scripts/motd.sh"?
      | scripts[1]: "scripts" is not a file
      at: /bookworm-amd64/image.json"
  `);
});

it('keeps files inside the image', async () => {
  expect(await told({ release: 'sid', scripts: ['../other/motd.sh'] })).toContain("scripts[0]: must be a path below the image's folder");
});

it('shows the line of a syntax error', async () => {
  expect(await told('{\n\t"release": "sid",\n\t"packages": ["vim",]\n}\n')).toMatchInlineSnapshot(`
    "image.json is not JSON: line 3, column 21: no comma may stand before ]
      | 3 | 	"packages": ["vim",]
      |     	                   ^
      at: /bookworm-amd64/image.json:3:21"
  `);
});

it('says where an image is missing', async () => {
  await expect(readImage(folder)).rejects.toMatchObject({ reason: 'not-found', message: expect.stringContaining('There is no image in') });
});
