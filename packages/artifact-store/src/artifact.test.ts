import { cp, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type ArtifactDraft,
  type ArtifactTexts,
  blobNamed,
  readArtifact,
  removeArtifact,
  restoreArtifact,
  writeArtifact,
} from './artifact.ts';
import type { Descriptor } from './manifest.ts';
import { referenced } from './references.ts';
import { Store } from './store.ts';
import { filesIn, temporaryFolder } from './testing/folders.ts';

let workspace: string;
let store: Store;
let folder: string;
let disk: Descriptor;
const draft = (config: unknown = { size: 1 }): ArtifactDraft => ({
  stage: 'convert',
  config,
  blobs: [{ name: 'disk.raw', descriptor: disk }],
});
const failing = async (): Promise<Failure> => {
  const error: unknown = await readArtifact(folder).catch((thrown: unknown) => thrown);
  return error instanceof Failure ? error : expect.unreachable('it did not fail');
};

beforeEach(async () => {
  workspace = await temporaryFolder();
  store = await Store.open(join(workspace, '.store'));
  folder = join(workspace, 'dist', 'squeeze', 'convert');
  disk = await store.putBytes('a disk', 'application/octet-stream');
});

describe('an artifact', () => {
  it('is a manifest, its config and links with human names', async () => {
    const written = await writeArtifact(folder, store, draft());
    expect(await filesIn(folder)).toEqual(['config.json', 'disk.raw', 'manifest.json']);
    expect(await readFile(join(folder, 'disk.raw'), 'utf8')).toBe('a disk');
    expect(await readlink(join(folder, 'disk.raw'))).toBe(`../../../.store/blobs/sha256/${disk.digest.slice(7)}`);
    expect(written.manifest).toMatchObject({
      artifactType: 'application/vnd.nx-debian-image.convert.v1',
      config: { mediaType: 'application/vnd.nx-debian-image.convert.config.v1+json' },
      layers: [{ digest: disk.digest, annotations: { 'org.opencontainers.image.title': 'disk.raw' } }],
    });
    expect(await readArtifact(folder)).toEqual(written);
    expect(await store.missing([written.descriptor, ...referenced(written)])).toEqual([]);
  });

  it('has the same bytes for the same facts, in whatever order they come', async () => {
    const one = await writeArtifact(folder, store, draft({ a: 1, b: { c: [2, 1], d: undefined } }));
    const two = await writeArtifact(folder, store, draft({ b: { c: [2, 1] }, a: 1 }));
    expect(two.descriptor).toEqual(one.descriptor);
    const three = await writeArtifact(folder, store, draft({ b: { c: [1, 2] }, a: 1 }));
    expect(three.descriptor.digest).not.toBe(one.descriptor.digest);
  });

  it('replaces all that was in its folder', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'stale'), 'stale');
    await writeArtifact(folder, store, draft());
    expect(await filesIn(folder)).toEqual(['config.json', 'disk.raw', 'manifest.json']);
  });

  it('keeps its links right when Nx takes it away and brings it back', async () => {
    await writeArtifact(folder, store, draft());
    await cp(folder, join(workspace, 'cache'), { recursive: true, verbatimSymlinks: true });
    await removeArtifact(folder);
    await cp(join(workspace, 'cache'), folder, { recursive: true, verbatimSymlinks: true });
    expect(await readFile(join(folder, 'disk.raw'), 'utf8')).toBe('a disk');
    expect(await readArtifact(folder)).toBeDefined();
  });

  it('has right links where dist is a symlink itself', async () => {
    await mkdir(join(workspace, 'far', 'away', 'dist'), { recursive: true });
    await symlink('far/away/dist', join(workspace, 'dist'));
    await writeArtifact(folder, store, draft());
    expect(await readFile(join(folder, 'disk.raw'), 'utf8')).toBe('a disk');
  });

  it('finds a blob by name and suggests the right one', async () => {
    const artifact = await writeArtifact(folder, store, draft());
    expect(blobNamed(artifact, 'disk.raw')).toMatchObject(disk);
    expect(() => blobNamed(artifact, 'disk.rww')).toThrow('has no disk.rww, only disk.raw');
  });

  it('takes no facts that are not JSON, and no names that leave the folder', async () => {
    for (const config of [{ size: Number.NaN }, { at: new Date(0) }])
      await expect(writeArtifact(folder, store, draft(config))).rejects.toThrow('is not JSON');
    for (const name of ['../disk', '.hidden', '', 'manifest.json']) {
      const bad = { ...draft(), blobs: [{ name, descriptor: disk }] };
      await expect(writeArtifact(folder, store, bad)).rejects.toThrow('cannot name a blob');
    }
  });
});

describe('an artifact that comes from elsewhere', () => {
  const textsOf = async (): Promise<ArtifactTexts> => {
    await writeArtifact(folder, store, draft());
    const [manifest, config] = await Promise.all(['manifest.json', 'config.json'].map((name) => readFile(join(folder, name), 'utf8')));
    return { manifest: manifest!, config: config! };
  };

  it('is left as if it had been made here, without its bytes', async () => {
    const texts = await textsOf();
    const other = await Store.open(join(workspace, 'other store'));
    const restored = await restoreArtifact(join(workspace, 'other'), other, 'convert', texts);
    expect(restored).toEqual(await readArtifact(folder));
    expect(await readArtifact(join(workspace, 'other'))).toEqual(restored);
    expect(await filesIn(join(workspace, 'other'))).toEqual(['config.json', 'disk.raw', 'manifest.json']);
    expect(await other.missing([restored.descriptor, ...referenced(restored)])).toEqual([expect.objectContaining(disk)]);
  });

  it('is refused where its texts are others, and what was there stays', async () => {
    const texts = await textsOf();
    const before = await readArtifact(folder);
    const title = '"org.opencontainers.image.title": "disk.raw"';
    const others: ArtifactTexts[] = [
      { ...texts, config: '{}' },
      { ...texts, manifest: texts.manifest.slice(1) },
      { ...texts, manifest: texts.manifest.replaceAll('convert', 'extract') },
      ...['../disk', 'config.json', '.disk'].map((name) => ({
        ...texts,
        manifest: texts.manifest.replace(title, title.replace('disk.raw', name)),
      })),
    ];
    for (const other of others)
      await expect(restoreArtifact(folder, store, 'convert', other)).rejects.toMatchObject({ reason: 'bad-digest' });
    expect(await readArtifact(folder)).toEqual(before);
  });
});

describe('reading an artifact', () => {
  it('gives undefined where there is none', async () => {
    expect(await readArtifact(folder)).toBeUndefined();
  });

  it('refuses one that came back half, or changed', async () => {
    await writeArtifact(folder, store, draft());
    await rename(join(folder, 'config.json'), join(folder, 'away'));
    expect(await failing()).toMatchObject({ reason: 'bad-digest', message: `${folder} is not whole: its config.json is missing` });
    await writeFile(join(folder, 'config.json'), '{}');
    expect((await failing()).reason).toBe('bad-digest');
    await rm(join(folder, 'config.json'));
    await rename(join(folder, 'away'), join(folder, 'config.json'));
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
    await writeFile(join(folder, 'manifest.json'), manifest.slice(0, 50));
    expect((await failing()).message).toBe('this is not an OCI image manifest: it is no JSON');
    await writeFile(join(folder, 'manifest.json'), manifest.replace(disk.digest, 'sha256:../../../etc/passwd'));
    expect((await failing()).message).toBe('this is not an OCI image manifest: layers are no descriptors');
  });
});

it('refers to the layers that its config names, each once', async () => {
  const base = await store.putBytes('base', 'application/x-tar');
  const artifact = await writeArtifact(folder, store, draft({ layers: [base, disk], other: { deep: [base] } }));
  expect(referenced(artifact).map(({ digest }) => digest)).toEqual([artifact.manifest.config.digest, disk.digest, base.digest]);
});
