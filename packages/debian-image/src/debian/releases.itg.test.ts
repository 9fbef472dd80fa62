import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { beforeAll, describe, expect, it } from 'vitest';
import { command, run } from '../host/index.ts';
import { afterwards } from '../host/testing/afterwards.ts';
import { withArchive } from './archive/archive.ts';
import { field } from './archive/package.ts';
import { suitesOf } from './archive/sources.ts';
import { keyringFile } from './keyring.ts';
import { kernelPackage } from './kernels.ts';
import { readMirror } from './mirror/read.ts';
import { type Architecture, architectures, releaseNames, type ReleaseName } from './names.ts';
import { networkPackages } from './network.ts';
import { type Release, releaseOf } from './releases.ts';

// What the table says of the releases that the mirrors carry, against the mirror that a build on this machine takes.

const served = releaseNames.map(releaseOf).filter(({ archived }) => !archived);
const mirrorOf = (release: Release) => readMirror(release, undefined, process.env);

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'releases-'));
  afterwards(() => rm(folder, { recursive: true, force: true }));
  store = await Store.open(join(folder, 'store'));
});

/** The text of a suite's InRelease, verified with the keyring of its release. */
async function readRelease(address: string, release: Release): Promise<string> {
  const file = join(folder, address.replaceAll('/', '_'));
  const fetch = command('curl', ['--silent', '--show-error', '--fail', '--location', '--retry', '3', '--output', file, address]);
  await run(fetch, { doing: `fetching ${address}` });
  const verify = command('gpgv', ['--quiet', '--keyring', await keyringFile(release), '--output', '-', file]);
  return (await run(verify, { doing: `verifying ${address}` })).stdout;
}

const list = (text: string, name: string): string[] => (field(text, name) ?? '').split(' ').filter((word) => word !== '');

it.each(served.map(({ name }) => name))('%s has the suites, architectures and components of the table', async (name) => {
  const release = releaseOf(name);
  expect(release.inRelease).toBe(true);
  const suites = suitesOf(release, await mirrorOf(release), ['main'], ['updates', 'security']);
  const texts = await Promise.all(suites.map(({ uri, suite }) => readRelease(`${uri}/dists/${suite}/InRelease`, release)));
  expect(texts.map((text) => field(text, 'Codename'))).toEqual(suites.map(({ suite }) => suite));
  const known = new Set<string>(architectures);
  expect(list(texts[0]!, 'Architectures').filter((word) => known.has(word))).toEqual(release.architectures.toSorted());
  expect(list(texts[0]!, 'Components').toSorted()).toEqual(['main', ...release.components].toSorted());
});

/** The packages of a release's own suite that matter here: kernels with what they depend on, and the names that install asks for. */
async function readPackages(release: Release, architecture: Architecture): Promise<Map<string, string>> {
  const suites = suitesOf(release, await mirrorOf(release), ['main'], []);
  const keyring = await keyringFile(release);
  const { signal } = new AbortController();
  return withArchive({ store, suites, architecture, recommends: false, keyring, signal }, async ({ apt }) => {
    const { stdout } = await run(apt.call('apt-cache', ['dumpavail']), { doing: 'reading the packages' });
    return new Map(stdout.split('\n\n').map((stanza) => [field(stanza, 'Package') ?? '', stanza]));
  });
}

const looked: [ReleaseName, Architecture][] = [
  ['bullseye', 'amd64'],
  ['bookworm', 'i386'],
  ['trixie', 'arm64'],
  ['forky', 'amd64'],
  ['forky', 'i386'],
];

describe.each(looked)('the packages of %s for %s', (name, architecture) => {
  const release = releaseOf(name);
  let packages: Map<string, string>;
  beforeAll(async () => {
    packages = await readPackages(release, architecture);
  });

  it('have the kernels of the table, and no other', () => {
    const expected = (['cloud', 'generic'] as const).map((flavour) => kernelPackage(release, architecture, flavour));
    const flavours = ['amd64', 'arm64', '686', '686-pae'].flatMap((flavour) => [`cloud-${flavour}`, flavour]);
    const found = flavours.map((flavour) => `linux-image-${flavour}`).filter((kernel) => packages.has(kernel));
    // i386 has one more for older processors
    expect(found.filter((kernel) => kernel !== 'linux-image-686')).toEqual(expected.filter((kernel) => kernel !== undefined));
  });

  it('take first the tool for the initial ramdisk that the table names', () => {
    const kernels = [...packages].filter(([kernel]) => /^linux-image-\d\S*-(amd64|arm64|686-pae)(-unsigned)?$/.test(kernel));
    const tools = kernels.map(([, stanza]) => /\b(initramfs-tools|dracut)\b/.exec(field(stanza, 'Depends') ?? '')?.[1]);
    expect([...new Set(tools)]).toEqual(kernelPackage(release, architecture, 'generic') === undefined ? [] : [release.ramdisk]);
  });

  it('have the names that install asks for', () => {
    const names = ['init', 'kmod', 'fdisk', 'iproute2', 'dbus', 'ifupdown', 'zstd'].map((today) => release.packageNames[today] ?? today);
    const more = [release.dhcpClient, release.ramdisk, ...networkPackages(release, [])];
    expect([...names, ...more].filter((wanted) => !packages.has(wanted))).toEqual([]);
  });
});
